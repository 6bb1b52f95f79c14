package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The SMTP scripts of Apache James' mail protocol tester. Their texts are James' own, so that only codes are compared; and where they go on
 * to TLS, ours must differ and stay safe: this listener has none, so STARTTLS is refused, and what comes behind it is no injection.
 */
class JamesMptTest {

    /** What the client says without waiting, and the codes of the answers. */
    private record Exchange(List<String> sent, List<Integer> codes) {}

    @ParameterizedTest
    @CsvSource(textBlock = """
            helo,                      1, ''
            authplain,                 0, ''
            data_starts_with_starttls, 1, ''
            data_with_starttls,        1, ''
            rcpt_with_starttls,        1, ''
            starttls,                  0, 502
            starttls_session_fixation, 0, 502
            starttls_with_injection,   0, 502 250
            """)
    void script(String name, int messages, String lastCodes) throws IOException {
        try (TestServer server = new TestServer("auth=always").with(new PasswordAuthenticator(), "PLAIN", "LOGIN");
                SmtpClient client = server.client()) {
            List<Exchange> exchanges = read(name);
            for (Exchange exchange : exchanges) {
                boolean differs = exchange == exchanges.getLast() && !lastCodes.isEmpty();
                client.send(String.join("", exchange.sent()));
                for (int code : differs ? codes(lastCodes) : exchange.codes()) {
                    client.expect(code);
                }
            }
            // nothing was said that was not expected
            client.command("NOOP", 250);
            assertThat(server.spool.stored).hasSize(messages);
        }
    }

    private static List<Exchange> read(String name) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        exchanges.add(new Exchange(new ArrayList<>(), new ArrayList<>()));
        for (String line : script(name).split("\n", -1)) {
            if (line.startsWith("C:")) {
                if (!exchanges.getLast().codes().isEmpty()) {
                    exchanges.add(new Exchange(new ArrayList<>(), new ArrayList<>()));
                }
                exchanges.getLast().sent().add(sent(line.length() > 3 ? line.substring(3) : ""));
            } else if (line.matches("S: [0-9]{3} .*")) {
                // the last line of a reply; those before it have a hyphen or a pattern
                exchanges.getLast().codes().add(Integer.valueOf(line.substring(3, 6)));
            }
        }
        if (name.equals("authplain")) {
            // James takes AUTH without EHLO; RFC 4954 section 4 does not
            exchanges.add(1, new Exchange(List.of("EHLO yopmail.com\r\n"), List.of(250)));
        }
        return exchanges;
    }

    private static String sent(String text) {
        String unescaped = text.replace("\\r\\n", "\r\n");
        return unescaped.endsWith("\r\n") ? unescaped : unescaped + "\r\n";
    }

    private static List<Integer> codes(String text) {
        return List.of(text.split(" ")).stream().map(Integer::valueOf).toList();
    }

    private static String script(String name) throws IOException {
        try (var script = Objects
                .requireNonNull(JamesMptTest.class.getResourceAsStream("/smtp-james-mpt/smtp/" + name + ".test"))) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
