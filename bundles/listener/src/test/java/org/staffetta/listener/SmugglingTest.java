package org.staffetta.listener;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * SMTP smuggling: whatever stands around a dot, only CRLF.CRLF ends the content of DATA, and a message in which something else looks like an
 * end is refused and the connection closed.
 */
class SmugglingTest {

    private static final String EVIL = "MAIL FROM:<smuggled@example.org>\r\nRCPT TO:<bob@demo.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx";
    private static final String END = "\r\n.\r\n";

    /** What somebody might take for the end of a line. */
    private static final Map<String, String> ENDS = new LinkedHashMap<>();

    static {
        ENDS.put("CRLF", "\r\n");
        ENDS.put("LF", "\n");
        ENDS.put("CR", "\r");
        ENDS.put("CRCRLF", "\r\r\n");
        ENDS.put("LFCR", "\n\r");
        ENDS.put("CRLF NUL", "\r\n\0");
        ENDS.put("NUL CRLF", "\0\r\n");
        ENDS.put("VT", "\u000b");
        ENDS.put("FF", "\f");
        ENDS.put("NEL", "\u00c2\u0085");
        ENDS.put("LS", "\u00e2\u0080\u00a8");
    }

    private enum Way {
        DATA, DATA_OCTETS, BDAT, BDAT_OCTETS
    }

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void onlyCrLfDotCrLfEndsAMessage(Way way) throws IOException {
        int accepted = 0;
        for (Map.Entry<String, String> before : ENDS.entrySet()) {
            for (Map.Entry<String, String> after : ENDS.entrySet()) {
                String separator = before.getValue() + "." + after.getValue();
                server.spool.stored.clear();
                String said = send(separator, way);
                check(before.getKey() + " . " + after.getKey() + ": " + said, separator, way);
                accepted += server.spool.stored.isEmpty() ? 0 : 1;
            }
        }
        // CRLF and four that are text to both sides, before the dot and after it: 25. All others have a bare CR, a bare LF or NUL; but
        // CRLF.CRLF is the end of DATA, whatever comes behind it, and a NUL there is a wrong command
        assertThat(accepted).isEqualTo(way.name().startsWith("DATA") ? 26 : 25);
    }

    @Test
    void theSequencesOfThePublicScanner() throws IOException {
        List<String> sequences = publicSequences();
        assertThat(sequences).hasSize(16);
        for (String sequence : sequences) {
            for (Way way : Way.values()) {
                String said = send(sequence, way);
                assertThat(said)
                        .as("%s by %s", HexFormat.of().formatHex(sequence.getBytes(StandardCharsets.ISO_8859_1)), way)
                        .startsWith("550 5.6.11");
                assertThat(server.spool.stored).isEmpty();
            }
        }
    }

    private void check(String what, String separator, Way way) {
        boolean ended = separator.startsWith(END) && way.name().startsWith("DATA");
        boolean dirty = separator.replace("\r\n", "").matches("(?s).*[\r\n\0].*");
        if (ended) {
            // what follows are commands, and DATA among them does not wait for its answer
            assertThat(server.spool.stored.getFirst().body()).as(what).isEqualTo("text\r\n");
        } else if (dirty) {
            assertThat(server.spool.stored).as(what).isEmpty();
            assertThat(what).contains("550 5.6.11");
        } else {
            assertThat(server.spool.stored).as(what).hasSize(1);
            assertThat(server.message().envelope().sender().toString()).as(what).isEqualTo("sender@example.org");
            assertThat(server.message().body()).as(what).contains("smuggled");
        }
        assertThat(server.spool.open).as(what).hasValue(0);
    }

    /** Sends a message with this in its middle; what the server said to it and closed, or said first. */
    private String send(String separator, Way way) throws IOException {
        String content = "Subject: innocent\r\n\r\ntext" + separator + EVIL;
        try (SmtpClient client = server.hello()) {
            client.transaction("sender@example.org", "alice@demo.test");
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            if (way.name().startsWith("DATA")) {
                client.command("DATA", 354);
                wire.writeBytes((content + END).getBytes(StandardCharsets.ISO_8859_1));
            } else {
                byte[] octets = (content + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
                wire.writeBytes(("BDAT " + octets.length + " LAST\r\n").getBytes(StandardCharsets.US_ASCII));
                wire.writeBytes(octets);
            }
            wire.writeBytes("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            if (way.name().endsWith("OCTETS")) {
                drip(client, wire.toByteArray());
            } else {
                client.send(wire.toByteArray());
            }
            return client.rest();
        }
    }

    // the server may hang up before the last octet
    private static void drip(SmtpClient client, byte[] octets) throws IOException {
        try {
            client.drip(octets);
        } catch (SocketException reset) {
            assertThat(reset.getMessage()).containsAnyOf("reset", "Broken pipe");
        }
    }

    private static List<String> publicSequences() throws IOException {
        try (InputStream json = Objects.requireNonNull(
                SmugglingTest.class.getResourceAsStream("/smtp-smuggling-secconsult/eod-sequences.json"))) {
            List<String> sequences = new ArrayList<>();
            Matcher hex = Pattern.compile("\"hex\": \"([0-9a-f]+)\"")
                    .matcher(new String(json.readAllBytes(), StandardCharsets.UTF_8));
            while (hex.find()) {
                sequences.add(new String(HexFormat.of().parseHex(hex.group(1)), StandardCharsets.ISO_8859_1));
            }
            return sequences;
        }
    }
}
