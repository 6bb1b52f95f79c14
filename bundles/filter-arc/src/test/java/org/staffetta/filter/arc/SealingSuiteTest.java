package org.staffetta.filter.arc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.mail.Header;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SignatureField;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.domainkey.TagList;
import org.staffetta.domainkey.TestMessage;
import org.staffetta.domainkey.UnverifiedException;

/**
 * The signing part of Valimail's suite, whole. The text of a signature depends on the order of its tags, which is ours to choose; so what is said is
 * compared tag by tag, and both signatures, ours and that of the suite, are verified.
 */
class SealingSuiteTest {

    static List<Suite.Case> cases() {
        List<Suite.Case> cases = Suite.cases("arc-draft-sign-tests.yml");
        assertThat(cases).hasSize(17);
        return cases;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void seals(Suite.Case one) throws IOException, UnverifiedException {
        TestMessage message = one.message();
        ChainResult before = new Validator(one.dns()).validate(message);

        List<Header> added = sealer(one).seal(message, before.status(), results(one, message),
                Instant.ofEpochSecond(Long.parseLong(one.text("t"))));

        if (one.text("AS").isBlank()) {
            assertThat(added).isEmpty();
            return;
        }
        assertThat(words(added.get(0).value())).isEqualTo(words(one.text("AAR")));
        assertThat(said(added.get(1), "i", "a", "c", "bh", "d", "h", "s", "t"))
                .isEqualTo(said(field(ArcSet.SIGNATURE, one.text("AMS")), "i", "a", "c", "bh", "d", "h", "s", "t"));
        assertThat(said(added.get(2), "i", "a", "cv", "d", "s", "t"))
                .isEqualTo(said(field(ArcSet.SEAL, one.text("AS")), "i", "a", "cv", "d", "s", "t"));
        requireValid(one, before, added);
        requireValid(one, before, List.of(field(ArcSet.RESULTS, one.text("AAR")),
                field(ArcSet.SIGNATURE, tags(one.text("AMS"))), field(ArcSet.SEAL, tags(one.text("AS")))));
    }

    private static Sealer sealer(Suite.Case one) {
        Settings.Identity identity = new Settings.Identity(one.text("domain"), one.text("sel"),
                new KeyFile(Path.of("none"), "none"));
        return new Sealer(SigningKey.parse(one.text("privatekey")), identity,
                Arrays.stream(one.text("sig-headers").split(":")).distinct().toList());
    }

    // a chain that was broken stays so; else the message with its new set is a longer chain
    private static void requireValid(Suite.Case one, ChainResult before, List<Header> added) throws IOException {
        TestMessage sealed = one.message();
        for (Header field : added) {
            sealed = sealed.with(field);
        }
        ChainResult after = new Validator(one.dns()).validate(sealed);
        if (before.status() == ChainResult.Status.FAIL) {
            assertThat(after.status()).isEqualTo(ChainResult.Status.FAIL);
        } else {
            assertThat(after.status()).as(after.reason()).isEqualTo(ChainResult.Status.PASS);
            assertThat(after.sets()).hasSize(before.sets().size() + 1);
        }
    }

    // the fields of our own name, put together as the suite describes it
    private static String results(Suite.Case one, TestMessage message) {
        String own = one.text("srv-id");
        return own + "; " + message.headers().stream().filter(header -> header.is("Authentication-Results"))
                .map(Header::value).filter(value -> value.startsWith(own))
                .map(value -> value.substring(value.indexOf(';') + 1).strip()).collect(Collectors.joining("; "));
    }

    private static Header field(String name, String value) {
        return new Header(name + ": " + value.strip().replace("\n", "\r\n "));
    }

    // as the suite has signed them: white space between tags only, and one blank
    private static String tags(String text) {
        return text.replaceAll("\\s", "").replace(";", "; ");
    }

    private static List<String> said(Header field, String... tags) throws UnverifiedException {
        TagList list = SignatureField.tags(field);
        return Arrays.stream(tags)
                .map(tag -> tag + "=" + list.get(tag).orElse("").replaceAll("\\s", "").toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split(";")).map(word -> word.strip().replaceAll("\\s+", " ")).toList();
    }
}
