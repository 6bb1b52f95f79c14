package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.staffetta.api.mail.Header;

/** Header fields and body are what a few lines say that see the whole message at once; however it arrives, and no octet is lost. */
class MessageSplitterFuzzTest {

    private static final int MAX_OCTETS = 400;
    private static final int MAX_FIELDS = 6;

    private record Outcome(List<String> fields, String body, int problem) {}

    @FuzzTest
    void a_message_is_its_fields_and_its_body(byte[] octets) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        ContentDecoder decoder = new ContentDecoder(ContentDecoder.Framing.COUNT, 1000, lines);
        decoder.decode(octets, 0, octets.length);
        if (decoder.fault().isEmpty()) {
            decoder.finish();
        }
        if (decoder.fault().isPresent()) {
            return; // never gets here
        }
        byte[] message = lines.toByteArray();
        Outcome expected = reference(lines.toString(StandardCharsets.ISO_8859_1));
        Random random = new Random(Arrays.hashCode(octets));
        assertThat(split(message, at -> message.length)).as("at once").isEqualTo(expected);
        assertThat(split(message, at -> at + 1)).as("octet by octet").isEqualTo(expected);
        assertThat(split(message, at -> at + 1 + random.nextInt(30))).as("in pieces").isEqualTo(expected);
    }

    private static Outcome split(byte[] message, IntUnaryOperator nextCut) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (MessageSplitter splitter = new MessageSplitter(MAX_OCTETS, MAX_FIELDS, body)) {
            for (int at = 0; at < message.length;) {
                int cut = Math.min(nextCut.applyAsInt(at), message.length);
                splitter.write(message, at, cut - at);
                at = cut;
            }
            splitter.finish();
            int problem = splitter.problem().map(reply -> reply.code()).orElse(0);
            return problem == 0
                    ? new Outcome(splitter.headers().stream().map(Header::field).toList(),
                            body.toString(StandardCharsets.ISO_8859_1), 0)
                    : new Outcome(List.of(), "", problem);
        }
    }

    private static Outcome reference(String message) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at < message.length()) {
            int end = message.indexOf("\r\n", at);
            String line = message.substring(at, end);
            if (end + 2 > MAX_OCTETS) {
                return new Outcome(List.of(), "", 552);
            }
            if (line.isEmpty()) {
                return new Outcome(fields, message.substring(end + 2), 0);
            }
            if (line.matches("(?s)[!-9;-~]+[ \t]*:.*")) {
                fields.add(line);
            } else if (fields.isEmpty()) {
                return new Outcome(fields, message, 0);
            } else if (line.startsWith(" ") || line.startsWith("\t")) {
                fields.add(fields.removeLast() + "\r\n" + line);
            } else {
                return new Outcome(List.of(), "", 554);
            }
            if (fields.size() > MAX_FIELDS) {
                return new Outcome(List.of(), "", 554);
            }
            at = end + 2;
        }
        return new Outcome(fields, "", 0);
    }
}
