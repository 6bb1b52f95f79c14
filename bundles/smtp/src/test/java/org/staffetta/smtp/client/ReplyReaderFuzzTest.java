package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.staffetta.api.mail.Reply;
import org.staffetta.smtp.ReplyWriter;

/** A reply ends where its last line ends, its lines have one code, and said again it is the same. */
class ReplyReaderFuzzTest {

    @FuzzTest
    void a_reply_is_lines_of_one_code(byte[] octets) throws IOException {
        ByteArrayInputStream source = new ByteArrayInputStream(octets);
        Reply reply;
        try {
            reply = new ReplyReader(source::read, Transcript.NONE).read();
        } catch (EOFException | SmtpProtocolException noReply) {
            assertThat(String.valueOf(noReply.getMessage())).hasSizeLessThan(500)
                    .matches(text -> text.chars().noneMatch(c -> c < 0x20 && c != '\t' || c == 0x7f));
            return;
        }
        String wire = new String(octets, 0, octets.length - source.available(), StandardCharsets.ISO_8859_1);
        String[] lines = wire.split("\r\n", -1);
        assertThat(lines[lines.length - 1]).isEmpty();
        String code = Integer.toString(reply.code());
        for (int i = 0; i < lines.length - 1; i++) {
            assertThat(lines[i]).doesNotContain("\r", "\n").startsWith(code + (i < lines.length - 2 ? "-" : ""));
        }
        assertThat(lines[lines.length - 2]).matches("(?s)...( .*)?");
        String[] texts = reply.text().split("\n", -1);
        assertThat(texts).hasSize(lines.length - 1);
        if (Arrays.stream(texts).allMatch(ReplyReaderFuzzTest::isWrittenAsItIs)) {
            ByteArrayInputStream again = new ByteArrayInputStream(ReplyWriter.encode(reply));
            assertThat(new ReplyReader(again::read, Transcript.NONE).read()).isEqualTo(reply);
            assertThat(again.available()).isZero();
        }
    }

    /** What follows the greeting's line are the keywords, in capitals as ASCII knows them. */
    @FuzzTest
    void what_a_server_offers_is_what_its_reply_says(byte[] octets) throws IOException {
        ByteArrayInputStream source = new ByteArrayInputStream(octets);
        Capabilities offered;
        try {
            offered = Capabilities.of(new ReplyReader(source::read, Transcript.NONE).read());
        } catch (EOFException | SmtpProtocolException noReply) {
            return;
        }
        String wire = new String(octets, StandardCharsets.UTF_8);
        offered.keywords().forEach((keyword, parameters) -> {
            assertThat(keyword).isNotEmpty().doesNotContain(" ");
            if (keyword.chars().allMatch(c -> c < 0x80)) {
                String pattern = "(?s).*" + Pattern.quote(keyword) + ".*";
                assertThat(upper(wire)).as("%s is offered", keyword).matches(pattern);
            }
        });
        assertThat(offered.maxSize().orElse(1)).isPositive();
        assertThat(offered.maxRecipients().orElse(1)).isPositive();
        assertThat(offered.maxTransactions().orElse(1)).isPositive();
        assertThat(offered.maxRecipientDomains().orElse(1)).isPositive();
    }

    // what is longer goes on in the next line, and spaces behind a status code are its own
    private static boolean isWrittenAsItIs(String text) {
        return text.length() <= 496 && !text.startsWith(" ") && text.chars().allMatch(c -> c < 0x80);
    }

    private static String upper(String text) {
        StringBuilder upper = new StringBuilder(text);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            upper.setCharAt(i, c >= 'a' && c <= 'z' ? (char) (c - 0x20) : c);
        }
        return upper.toString();
    }
}
