package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.staffetta.api.mail.Header;

/** What is signed here is valid here, and nothing else is. */
class SignedMessageTest {

    private static final SigningKey RSA = SigningKey.generate(Algorithm.RSA_SHA256, 1024);
    private static final SigningKey ED25519 = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
    private static final TableDns DNS = new TableDns().put("rsa._domainkey.example.org", RSA.record())
            .put("ed._domainkey.example.org", ED25519.record());

    private static Canonicalization.Pair pair(int way) {
        return new Canonicalization.Pair(Canonicalization.values()[way & 1], Canonicalization.values()[way >> 1 & 1]);
    }

    private static TestMessage sign(TestMessage message, int way, List<String> names) throws IOException {
        BodyHashes hashes = new BodyHashes();
        Canonicalization.Pair pair = pair(way);
        hashes.want(pair.body(), Optional.empty());
        hashes.read(message);
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("v", "1");
        tags.put("d", "example.org");
        tags.put("s", way < 4 ? "rsa" : "ed");
        return message.with(new FieldSigner(way < 4 ? RSA : ED25519).sign("DKIM-Signature", tags, pair, names,
                new HeaderFields(message.headers()), hashes));
    }

    private static void verify(TestMessage message) throws IOException, UnverifiedException {
        Header field = message.first("DKIM-Signature");
        SignatureField signature = SignatureField.parse(field, SignatureField.tags(field),
                Canonicalization.Pair.SIMPLE);
        BodyHashes hashes = new BodyHashes();
        signature.want(hashes);
        hashes.read(message);
        signature.verify(signature.key(new KeyLookup(DNS)), new HeaderFields(message.headers()), hashes);
    }

    private static List<String> names(TestMessage message) {
        List<String> names = new ArrayList<>(message.headers().stream().map(Header::name).toList());
        names.addAll(List.of("From", "Subject", "To"));
        return names;
    }

    @Property(tries = 400)
    void every_message_is_valid_in_all_canonical_forms(@ForAll long seed, @ForAll @IntRange(max = 7) int way)
            throws IOException, UnverifiedException {
        TestMessage message = new RandomMessage(seed).next();

        verify(sign(message, way, names(message)));
    }

    @Property(tries = 400)
    void where_all_is_relaxed_white_space_and_case_may_change(@ForAll long seed, @ForAll boolean rsa)
            throws IOException, UnverifiedException {
        RandomMessage random = new RandomMessage(seed);
        TestMessage message = random.next();
        TestMessage signed = sign(message, rsa ? 3 : 7, names(message));

        TestMessage reshaped = random.reshaped(message);
        verify(reshaped.with(signed.first("DKIM-Signature")));
    }

    @Property(tries = 600)
    void no_octet_of_what_is_signed_may_change(@ForAll long seed, @ForAll @IntRange(max = 7) int way,
            @ForAll @IntRange(max = 1_000_000) int place, @ForAll @IntRange(min = 1, max = 255) int change)
            throws IOException {
        TestMessage message = new RandomMessage(seed).next();
        TestMessage signed = sign(message, way, names(message));
        String text = signed.text();
        int at = place % text.length();
        char other = (char) (text.charAt(at) ^ change);
        boolean blank = isBlank(other) || isBlank(text.charAt(at)) || other == 0;
        boolean caseOnly = Character.toLowerCase(other) == Character.toLowerCase(text.charAt(at));
        // the last octets of base64 have bits that mean nothing
        int end = signed.first("DKIM-Signature").field().length();
        if (blank || caseOnly || other == ':' || text.charAt(at) == ':' || at >= end - 4 && at < end) {
            return;
        }
        String changed = text.substring(0, at) + other + text.substring(at + 1);

        // or it is no longer a message, or has no signature
        assertThatThrownBy(() -> verify(TestMessage.of(changed))).isInstanceOfAny(UnverifiedException.class,
                IllegalArgumentException.class, NoSuchElementException.class);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    @Test
    void a_name_that_is_signed_once_more_than_it_is_there_cannot_be_added() throws IOException, UnverifiedException {
        TestMessage message = TestMessage.of("From: a@example.org\r\n\r\nhello\r\n");
        TestMessage signed = sign(message, 3, List.of("From", "From", "Subject"));

        verify(signed);
        for (String added : List.of("From: b@example.org", "Subject: hello")) {
            TestMessage more = signed.with(new Header(added));
            assertThatThrownBy(() -> verify(more)).isInstanceOf(UnverifiedException.class)
                    .hasMessage("the signature does not match");
        }
    }

    @Test
    void fields_of_the_same_name_are_taken_from_the_bottom() throws IOException, UnverifiedException {
        TestMessage message = TestMessage.of("From: a@example.org\r\nX: 2\r\nX: 1\r\n\r\nhello\r\n");
        TestMessage signed = sign(message, 0, List.of("From", "X"));

        verify(signed.with(new Header("X: 3")));
        TestMessage swapped = signed.replacing(new Header("X: 1"), new Header("X: 4"));
        assertThatThrownBy(() -> verify(swapped)).isInstanceOf(UnverifiedException.class);
        TestMessage harmless = signed.replacing(new Header("X: 2"), new Header("X: 5"));
        verify(harmless);
    }

    @Test
    void a_signature_of_a_signature_means_the_others_and_not_itself() throws IOException, UnverifiedException {
        TestMessage first = sign(TestMessage.of("From: a@example.org\r\n\r\nhello\r\n"), 3, List.of("From"));
        TestMessage second = sign(first, 7, List.of("From", "DKIM-Signature"));

        verify(second);
        assertThat(second.headers().stream().filter(header -> header.is("DKIM-Signature"))).hasSize(2);
        TestMessage other = second.replacing(first.first("DKIM-Signature"),
                new Header(first.first("DKIM-Signature").field() + "x"));
        assertThatThrownBy(() -> verify(other)).isInstanceOf(UnverifiedException.class);
    }
}
