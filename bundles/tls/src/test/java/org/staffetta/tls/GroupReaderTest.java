package org.staffetta.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What a server says before it is encrypted, octet by octet (RFC 8446 section 4.1.3, RFC 8422 section 5.4). */
class GroupReaderTest {

    private static final String RANDOM = "00".repeat(32);
    private static final String RETRY = "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c";
    private static final String VERSION = "002b00020304";
    private static final String ENCRYPTED = "1703030003010203";
    private static final String CHANGE = "140303000101";

    @Test
    void aKeyShareOfTls13() throws IOException {
        assertThat(group(record(hello(RANDOM, VERSION + share("11ec"))) + ENCRYPTED)).isEqualTo("X25519MLKEM768");
        assertThat(group(record(hello(RANDOM, share("001d") + VERSION)) + CHANGE + ENCRYPTED)).isEqualTo("x25519");
    }

    /** The trace of RFC 8448 section 3. */
    @Test
    void theServerHelloOfAnExampleThatIsPublished() throws IOException {
        assertThat(
                group("160303005a020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100"
                        + "002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304"))
                .isEqualTo("x25519");
    }

    @Test
    void aGroupWithoutANameIsTold() throws IOException {
        assertThat(group(record(hello(RANDOM, VERSION + share("7a7a"))))).isEqualTo("0x7a7a");
    }

    @Test
    void whatTheServerAsksForIsNotYetAgreedOn() throws IOException {
        String asks = record(hello(RETRY, VERSION + "003300020017")) + CHANGE;
        assertThat(group(asks)).isEmpty();
        assertThat(group(asks + record(hello(RANDOM, VERSION + share("0017"))) + ENCRYPTED)).isEqualTo("secp256r1");
    }

    @Test
    void aSessionThatIsResumedWithoutAnExchangeHasNone() throws IOException {
        assertThat(group(record(hello(RANDOM, VERSION + "002900020000")) + ENCRYPTED)).isEmpty();
        assertThat(group(record(hello(RANDOM, "")) + CHANGE + record("0c00000403001d00"))).as("what is encrypted")
                .isEmpty();
    }

    @Test
    void aCurveOfTls12BehindTheCertificate() throws IOException {
        String certificate = message("0b", "00".repeat(3_000));
        String exchange = message("0c", "03" + "0018" + "00".repeat(70));
        assertThat(group(record(hello(RANDOM, "ff01000100")) + record(certificate) + record(exchange)))
                .isEqualTo("secp384r1");
        assertThat(group(record(hello(RANDOM, "") + certificate + exchange))).as("in one record")
                .isEqualTo("secp384r1");
        String whole = hello(RANDOM, "") + certificate + exchange;
        assertThat(group(record(whole.substring(0, 1_000)) + record(whole.substring(1_000)))).as("in pieces")
                .isEqualTo("secp384r1");
    }

    @Test
    void behindMoreThanIsKeptItIsNotKnown() throws IOException {
        String certificate = message("0b", "00".repeat(20_000));
        assertThat(group(record(hello(RANDOM, "") + certificate.substring(0, 30_000))
                + record(certificate.substring(30_000) + message("0c", "030018")))).isEmpty();
    }

    @Property(tries = 3_000)
    void whateverComesDoesNoHarm(@ForAll byte[] octets, @ForAll @Size(max = 80) byte[] body) {
        String hex = HexFormat.of().formatHex(body);
        assertThatCode(() -> group(HexFormat.of().formatHex(octets))).doesNotThrowAnyException();
        assertThatCode(() -> group(record("02" + hex))).doesNotThrowAnyException();
        assertThatCode(() -> group(record(hello(RANDOM, hex)))).doesNotThrowAnyException();
    }

    private static String group(String said) throws IOException {
        byte[] octets = HexFormat.of().parseHex(said);
        GroupReader reader = new GroupReader();
        assertThat(reader.around(new ByteArrayInputStream(octets)).readAllBytes()).isEqualTo(octets);
        return reader.group().orElse("");
    }

    private static String record(String content) {
        return "160303" + HexFormat.of().toHexDigits((short) (content.length() / 2)) + content;
    }

    private static String message(String type, String body) {
        return type + HexFormat.of().toHexDigits(body.length() / 2, 6) + body;
    }

    private static String hello(String random, String extensions) {
        String tail = extensions.isEmpty()
                ? ""
                : HexFormat.of().toHexDigits((short) (extensions.length() / 2)) + extensions;
        return message("02", "0303" + random + "02abcd" + "1302" + "00" + tail);
    }

    private static String share(String group) {
        return "00330006" + group + "0002beef";
    }
}
