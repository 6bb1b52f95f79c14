package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataEncoderTest {

    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"``, .~", "a~, a~.~", "a, a~.~", ".~, ..~.~", "., ..~.~", "..~, ...~.~",
            "a~.b~, a~..b~.~", "a~.~b~, a~..~b~.~", "~~, ~~.~", "a.b~, a.b~.~", "a~.~~.~, a~..~~..~.~"})
    void a_line_that_begins_with_a_dot_gets_another(String message, String expected) throws IOException {
        encode(message.replace("~", "\r\n"), 1000);

        assertThat(sent()).isEqualTo(expected.replace("~", "\r\n"));
    }

    @ParameterizedTest
    @CsvSource(value = {"ab\\nc; a bare LF at octet 2", "ab\\rc; a bare CR at octet 2", "ab\\r; a bare CR at octet 2",
            "\\n; a bare LF at octet 0", "a\\r\\r\\n; a bare CR at octet 1",
            "a\\0b; a NUL at octet 1"}, delimiter = ';')
    void an_octet_that_could_end_a_line_elsewhere_is_refused_and_named(String message, String fault) {
        String octets = message.replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0");

        assertThatThrownBy(() -> encode(octets, 1000)).isInstanceOf(UnsendableMessageException.class)
                .hasMessage("the message has " + fault);
    }

    @Property
    void the_server_gets_the_message_back_however_it_is_cut(@ForAll("lines") String message,
            @ForAll @IntRange(min = 1, max = 9) int piece) throws IOException {
        encode(message, piece);

        String whole = message.isEmpty() || message.endsWith("\r\n") ? message : message + "\r\n";
        assertThat(sent()).endsWith(".\r\n");
        assertThat(unstuffed(sent())).isEqualTo(whole);
    }

    @Property
    void nothing_but_crlf_ends_a_line_on_the_wire(@ForAll("anything") String message,
            @ForAll @IntRange(min = 1, max = 5) int piece) {
        Throwable refused = catchThrowable(() -> encode(message, piece));

        boolean good = Pattern.matches("(?s)([^\r\n\0]|\r\n)*", message);
        assertThat(refused == null).isEqualTo(good);
        assertThat(Pattern.compile("(?<!\r)\n|\r(?!\n)|\0").matcher(sent()).find()).isFalse();
        // the end is there once, at the end, or not at all
        int end = ("\r\n" + sent()).indexOf("\r\n.\r\n");
        assertThat(end).isEqualTo(good ? sent().length() - 3 : -1);
    }

    @Test
    void a_message_that_cannot_be_read_is_no_fault_of_the_server() {
        InputStream broken = new FilterInputStream(new ByteArrayInputStream("abc".getBytes(StandardCharsets.UTF_8))) {
            @Override
            public int read(byte[] block) throws IOException {
                throw new IOException("disk is gone");
            }
        };

        assertThatThrownBy(() -> new DataEncoder(wire::write).encode(broken))
                .isInstanceOf(UnreadableMessageException.class).hasMessageContaining("disk is gone");
        assertThat(sent()).isEmpty();
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.of("a", ".", "\r\n", "..", "\r\n.\r\n", "xyz ", "\u00ff").list().ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.of("a", ".", "\r\n", "\r\n", "\r", "\n", "\0", "\r\n.\r\n", "\u0085").list().ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    private void encode(String message, int piece) throws IOException {
        InputStream pieces = new FilterInputStream(
                new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1))) {
            @Override
            public int read(byte[] block) throws IOException {
                return in.read(block, 0, Math.min(piece, block.length));
            }
        };
        wire.reset();
        try {
            new DataEncoder(wire::write).encode(pieces);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private String sent() {
        return wire.toString(StandardCharsets.ISO_8859_1);
    }

    // what a server does, RFC 5321 section 4.5.2
    private static String unstuffed(String data) {
        return ("\r\n" + data.substring(0, data.length() - 3)).replace("\r\n.", "\r\n").substring(2);
    }
}
