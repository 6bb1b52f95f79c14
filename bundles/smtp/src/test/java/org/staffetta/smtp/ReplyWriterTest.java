package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.staffetta.api.mail.Reply;

class ReplyWriterTest {

    @Test
    void oneLine() {
        assertThat(encode(new Reply(250, "2.1.0", "Ok"))).isEqualTo("250 2.1.0 Ok\r\n");
        assertThat(encode(new Reply(334, "", ""))).isEqualTo("334 \r\n");
    }

    @Test
    void theStatusIsOnEachLine() {
        assertThat(encode(new Reply(550, "5.1.1", "no such user\nsee https://example.org\n")))
                .isEqualTo("550-5.1.1 no such user\r\n550-5.1.1 see https://example.org\r\n550 5.1.1 \r\n");
    }

    @Test
    void aLongLineGoesOnInTheNext() {
        assertThat(encode(new Reply(550, "5.1.1", "x".repeat(1000))).split("\r\n")).hasSize(3)
                .allMatch(line -> line.length() <= 510).allMatch(line -> line.matches("550[- ]5\\.1\\.1 x+"));
    }

    @Test
    void whatIsNotAsciiIsAQuestionMark() {
        assertThat(encode(new Reply(250, "", "grüße"))).isEqualTo("250 gr??e\r\n");
    }

    @Test
    void repliesTravelTogether() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReplyWriter writer = new ReplyWriter(out);
        writer.write(new Reply(250, "", "a"));
        writer.write(new Reply(250, "", "b"));
        assertThat(out.size()).isZero();
        writer.flush();
        assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("250 a\r\n250 b\r\n");
        assertThat(writer.written()).isEqualTo(out.size());
        writer.flush();
        assertThat(writer.written()).isEqualTo(out.size());
    }

    @Test
    void manyRepliesAreNotHeldBack() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReplyWriter writer = new ReplyWriter(out);
        for (int i = 0; i < 1000; i++) {
            writer.write(new Reply(250, "2.0.0", "Ok"));
        }
        assertThat(out.size()).isGreaterThan(10_000);
    }

    @Property
    void whateverTheTextIsALineIsALine(@ForAll @StringLength(max = 1200) String text) {
        Reply reply;
        try {
            reply = new Reply(250, "2.0.0", text);
        } catch (IllegalArgumentException refused) {
            return;
        }
        String wire = encode(reply);
        assertThat(wire).endsWith("\r\n").matches("(250-2\\.0\\.0 [^\r\n]*\r\n)*250 2\\.0\\.0 [^\r\n]*\r\n");
    }

    private static String encode(Reply reply) {
        return new String(ReplyWriter.encode(reply), StandardCharsets.ISO_8859_1);
    }
}
