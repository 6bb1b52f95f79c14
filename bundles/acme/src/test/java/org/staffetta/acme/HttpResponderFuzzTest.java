package org.staffetta.acme;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who asks for the token gets the answer, everybody else one reply that says nothing of it, however the octets of the request arrive. */
class HttpResponderFuzzTest {

    private static final String ANSWER = "token_1.thumbprint";
    private static final Pattern ASKED = Pattern.compile("(GET|HEAD) (?:http://[^/ \n]*)?"
            + "/\\.well-known/acme-challenge/token_1 HTTP/1\\.[^ \n]*(?:\n.*)?", Pattern.DOTALL);
    private static final Pattern REPLY = Pattern.compile("HTTP/1\\.1 (200 OK|4[0-9]{2} [A-Z][A-Za-z ]+)\r\n"
            + "Content-Type: application/octet-stream\r\nContent-Length: ([0-9]+)\r\nConnection: close\r\n\r\n(.*)");
    private static final int MOST_OCTETS = 8192;

    // its thread is a daemon, and ends with the tests
    private static final HttpResponder RESPONDER = open();

    private static HttpResponder open() {
        try {
            return new HttpResponder(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), "token_1", ANSWER);
        } catch (IOException noPort) {
            throw new AssertionError(noPort);
        }
    }

    @FuzzTest
    void the_answer_is_for_who_asks_for_its_token(byte[] octets) throws IOException {
        String request = new String(octets, 0, Math.min(octets.length, MOST_OCTETS), ISO_8859_1);
        Matcher asked = ASKED.matcher(request);
        boolean right = asked.matches();
        Random random = new Random(Arrays.hashCode(octets));
        String whole = reply(new ByteArrayInputStream(octets), right);
        assertThat(reply(pieces(octets, () -> 1), right)).isEqualTo(whole);
        assertThat(reply(pieces(octets, () -> 1 + random.nextInt(40)), right)).isEqualTo(whole);

        Matcher reply = REPLY.matcher(whole);
        assertThat(reply.matches()).as(whole).isTrue();
        assertThat(reply.group(1).equals("200 OK")).isEqualTo(right);
        assertThat(reply.group(2)).isEqualTo(right ? "18" : "0");
        assertThat(reply.group(3)).isEqualTo(right && asked.group(1).equals("GET") ? ANSWER : "");
    }

    private static String reply(InputStream request, boolean right) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(RESPONDER.take(request, out)).isEqualTo(right);
        return out.toString(ISO_8859_1);
    }

    private interface Size {
        int next();
    }

    private static InputStream pieces(byte[] octets, Size size) {
        return new FilterInputStream(new ByteArrayInputStream(octets)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(length, size.next()));
            }
        };
    }
}
