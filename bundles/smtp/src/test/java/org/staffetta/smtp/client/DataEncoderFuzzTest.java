package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.staffetta.smtp.ContentDecoder;

/** What one end sends is what the other receives, and never anything that could be taken for another end of the message. */
class DataEncoderFuzzTest {

    @FuzzTest
    void what_is_sent_is_what_is_received(byte[] octets) throws IOException {
        String message = new String(octets, StandardCharsets.ISO_8859_1);
        boolean sendable = message.replace("\r\n", "").chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        try {
            long length = new DataEncoder(wire::write).encode(inPieces(octets));
            assertThat(length).isEqualTo(octets.length);
        } catch (UnsendableMessageException refused) {
            assertThat(sendable).as("%s", refused.getMessage()).isFalse();
            assertThat(wire.toString(StandardCharsets.ISO_8859_1)).doesNotEndWith("\r\n.\r\n");
            return;
        }
        assertThat(sendable).isTrue();
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        ContentDecoder decoder = new ContentDecoder(ContentDecoder.Framing.DOT, 1000, received);
        int taken = decoder.decode(wire.toByteArray(), 0, wire.size());
        assertThat(decoder.ended()).isTrue();
        assertThat(taken).isEqualTo(wire.size());
        boolean whole = message.isEmpty() || message.endsWith("\r\n");
        assertThat(received.toString(StandardCharsets.ISO_8859_1)).isEqualTo(whole ? message : message + "\r\n");
    }

    private static ByteArrayInputStream inPieces(byte[] octets) {
        Random random = new Random(Arrays.hashCode(octets));
        return new ByteArrayInputStream(octets) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(8)));
            }

            @Override
            public int read(byte[] target) {
                return read(target, 0, target.length);
            }
        };
    }
}
