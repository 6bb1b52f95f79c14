package org.staffetta.auth.oauth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.plugins.TestPlugins;

/** Name and token are those that a naive reader finds; whoever has no token of the issuer gets no further, and reads nothing of what he said. */
class BearerMessageFuzzTest {

    private static final Verifier VERIFIER = new Verifier(Settings.of("example", TestIssuer.config()),
            Keys.parse(new Provider().keySet().getBytes(US_ASCII)), InstantSource.system());

    private final BearerLogin login = new BearerLogin(List.of(), new Accounts(new TestPlugins()));

    @FuzzTest
    void oauthbearer_is_understood_as_it_was_said(byte[] octets) throws IOException {
        requireRight(BearerLogin.OAUTHBEARER, octets, text(octets).flatMap(BearerMessageFuzzTest::oauthbearer),
                BearerMessage.oauthbearer(octets.clone()), "{\"status\":\"invalid_token\"}");
    }

    @FuzzTest
    void xoauth2_is_understood_as_it_was_said(byte[] octets) throws IOException {
        requireRight(BearerLogin.XOAUTH2, octets, text(octets).flatMap(BearerMessageFuzzTest::xoauth2),
                BearerMessage.xoauth2(octets.clone()), "{\"status\":\"401\",\"schemes\":\"bearer\"}");
    }

    /** The input is header, claims and signature, each behind a line end, or else the token as it is. */
    @FuzzTest
    void a_token_that_is_not_signed_lets_nobody_in(byte[] octets) {
        String[] parts = new String(octets, ISO_8859_1).split("\n", 3);
        String text = parts.length < 3
                ? new String(octets, ISO_8859_1)
                : encoded(parts[0]) + "." + encoded(parts[1]) + "." + encoded(parts[2]);
        try {
            Token token = Token.parse(text);
            assertThat(text).isEqualTo(token.text()).hasSizeLessThanOrEqualTo(12_288).matches("[A-Za-z0-9._-]+");
            assertThat(token.toString()).isEqualTo("Token");
            requireNotSigned(token);
            VERIFIER.checkClaims(token);
            assertThat(token.claim("iss")).contains(Provider.ISSUER);
            assertThat(token.claim("email")).isPresent();
        } catch (TokenException refused) {
            requireHarmless(refused);
        }
    }

    private static void requireNotSigned(Token token) {
        try {
            VERIFIER.checkSignature(token);
        } catch (TokenException refused) {
            requireHarmless(refused);
            return;
        }
        throw new AssertionError("nobody has signed this");
    }

    private static void requireHarmless(TokenException refused) {
        assertThat(refused).hasMessage(refused.fault().words()).hasNoCause().hasNoSuppressedExceptions();
    }

    private void requireRight(String mechanism, byte[] octets, Optional<BearerMessage> naive,
            Optional<BearerMessage> read, String error) throws IOException {
        assertThat(read).isEqualTo(naive);
        Script client = new Script(mechanism, octets.clone(), "\1");
        Decision decision = login.authenticate(client);
        assertThat(decision).isInstanceOfSatisfying(Denied.class,
                denied -> assertThat(denied.reply().code()).isEqualTo(read.isPresent() ? 535 : 501));
        assertThat(client.challenges).isEqualTo(read.isPresent() ? List.of(error) : List.of());
        assertThat(client.claimed)
                .isEqualTo(read.map(BearerMessage::name).filter(name -> !name.isEmpty()).stream().toList());
    }

    private static Optional<String> text(byte[] octets) {
        String text = new String(octets, UTF_8);
        return Arrays.equals(text.getBytes(UTF_8), octets) ? Optional.of(text) : Optional.empty();
    }

    // RFC 7628 section 3.1, from left to right
    private static Optional<BearerMessage> oauthbearer(String text) {
        String[] parts = text.split(",", 3);
        boolean form = parts.length == 3 && (parts[0].equals("n") || parts[0].equals("y"))
                && (parts[1].isEmpty() || parts[1].startsWith("a=") && parts[1].length() > 2)
                && parts[2].startsWith("\1");
        if (!form) {
            return Optional.empty();
        }
        StringBuilder name = new StringBuilder();
        for (int i = 2; i < parts[1].length(); i++) {
            char c = parts[1].charAt(i);
            boolean comma = parts[1].startsWith("=2C", i);
            if (c == '\0' || c == '\1' || c == '=' && !comma && !parts[1].startsWith("=3D", i)) {
                return Optional.empty();
            }
            name.append(comma ? ',' : c);
            i += c == '=' ? 2 : 0;
        }
        boolean tooLong = parts[1].codePointCount(0, parts[1].length()) > 1_002;
        return tooLong ? Optional.empty() : token(parts[2].substring(1), name.toString());
    }

    private static Optional<BearerMessage> xoauth2(String text) {
        String[] parts = text.split("\1", 2);
        return parts.length == 2 && parts[0].startsWith("user=") && parts[0].length() > 5
                ? token(parts[1], parts[0].substring(5))
                : Optional.empty();
    }

    // each pair takes what is up to its separator; what is left is one
    private static Optional<BearerMessage> token(String pairs, String name) {
        Map<String, String> values = new HashMap<>();
        String rest = pairs;
        while (!rest.equals("\1")) {
            int end = rest.indexOf('\1');
            int equals = rest.indexOf('=');
            boolean form = equals >= 1 && equals <= 100 && equals < end
                    && rest.substring(0, equals).chars().allMatch(BearerMessageFuzzTest::isLetter)
                    && rest.substring(equals + 1, end).chars().allMatch(c -> c >= 0x20 && c < 0x7f || isBlank(c));
            if (!form || values.put(rest.substring(0, equals), rest.substring(equals + 1, end)) != null) {
                return Optional.empty();
            }
            rest = rest.substring(end + 1);
        }
        String value = values.getOrDefault("auth", "");
        if (value.chars().allMatch(c -> c == ' ' || isBlank(c))) {
            return Optional.of(new BearerMessage(name, ""));
        }
        String token = value.length() < 6 ? "" : value.substring(6).replaceFirst("^ {1,8}", "");
        boolean bearer = value.length() > 6 && value.substring(0, 6).equalsIgnoreCase("bearer")
                && value.charAt(6) == ' ' && !token.isEmpty() && token.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return bearer ? Optional.of(new BearerMessage(name, token)) : Optional.empty();
    }

    private static boolean isLetter(int c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    private static boolean isBlank(int c) {
        return c == '\t' || c == '\r' || c == '\n';
    }

    private static String encoded(String octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets.getBytes(ISO_8859_1));
    }
}
