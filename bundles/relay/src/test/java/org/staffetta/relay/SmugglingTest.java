package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.smtp.play.Play;

/**
 * Messages made to become two on their way. A listener takes none of these; if one comes by another way, it does not leave.
 * The sequences are those of SEC Consult's scanner.
 */
@Timeout(30)
class SmugglingTest extends RelayFixture {

    private static final Pattern CASE = Pattern.compile("\"name\": \"([^\"]+)\",\\s+\"hex\": \"([0-9a-f]+)\"");

    static Stream<String> sequences() throws IOException {
        try (InputStream file = SmugglingTest.class
                .getResourceAsStream("/smtp-smuggling-secconsult/eod-sequences.json")) {
            String json = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            List<String> all = CASE.matcher(json).results()
                    .map(found -> new String(HexFormat.of().parseHex(found.group(2)), StandardCharsets.ISO_8859_1))
                    .toList();
            assertThat(all).hasSize(16);
            return all.stream().distinct();
        }
    }

    @ParameterizedTest
    @MethodSource("sequences")
    void a_false_end_of_data_never_reaches_the_wire(String sequence) throws Exception {
        String smuggled = "MAIL FROM:<evil@from.test>\r\nRCPT TO:<a@to.test>\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n";
        try (Play play = Play.of(PLAIN + """
                C: MAIL*
                S: 250 ok
                C: RCPT*
                S: 250 ok
                C: DATA
                S: 354 go
                record
                """)) {
            assertThat(deliver(
                    Letter.to(hop(play), "a@to.test").saying("Subject: good\r\n\r\ngood" + sequence + smuggled)))
                    .hasSize(1).allMatch(line -> line.startsWith("a@to.test Failed 554 5.6.0 the message has a "));
            await().until(() -> !play.messages().isEmpty());
            String wire = play.messages().getFirst();
            Matcher bare = Pattern.compile("(?<!\r)\n|\r(?!\n)|\0").matcher(wire);
            assertThat(bare.find()).as(wire).isFalse();
            assertThat(wire).doesNotContain("\r\n.\r\n").doesNotContain("evil");
        }
    }
}
