package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Header;

/** Tag lists, and what is made of them: signature fields and key records. */
class TagListFuzzTest {

    @FuzzTest
    void a_list_is_read_as_by_a_naive_reader(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        Optional<Map<String, String>> expected = reference(text);
        TagList tags;
        try {
            tags = TagList.parse("the list", text);
        } catch (UnverifiedException malformed) {
            assertThat(expected).isEmpty();
            return;
        }
        assertThat(expected).isPresent();
        expected.get().forEach((name, value) -> {
            assertThat(tags.get(name)).contains(value);
            assertThat(String.join(":", tags.items(name)).replaceAll("[ \t\r\n]", ""))
                    .isEqualTo(value.replaceAll("[ \t\r\n]", ""));
        });
        try {
            assertThat(tags.number("l", 18).orElse(0L)).isNotNegative();
            tags.octets("b");
        } catch (UnverifiedException malformed) {
            assertThat(malformed.result()).isEqualTo(Result.PERMERROR);
        }
    }

    @FuzzTest
    void a_signature_field_without_its_signature_has_all_other_tags(byte[] octets) {
        Header field;
        SignatureField signature;
        try {
            field = new Header("DKIM-Signature:" + new String(octets, StandardCharsets.ISO_8859_1));
            signature = SignatureField.parse(field, SignatureField.tags(field), Canonicalization.Pair.SIMPLE);
        } catch (IllegalArgumentException | UnverifiedException none) {
            return;
        }
        String unsigned = SignatureField.withoutSignature(field.field());
        Map<String, String> expected = reference(field.field().substring(15)).orElseThrow();
        expected.put("b", "");
        assertThat(reference(unsigned.substring(15))).contains(expected);
        // what is left out is one piece, from "b=" to the next semicolon
        int equals = prefix(unsigned, field.field());
        int left = field.field().length() - unsigned.length();
        assertThat(field.field().substring(0, equals) + field.field().substring(equals + left)).isEqualTo(unsigned);
        assertThat(field.field().substring(equals, equals + left)).doesNotContain(";");
        assertThat(signature.signatory().domain()).matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)+");
        assertThat(signature.signatory().selector()).matches("[a-z0-9_.-]+");
        BodyHashes hashes = new BodyHashes();
        signature.want(hashes);
    }

    @FuzzTest
    void a_key_record_is_a_key_or_a_reason(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        try {
            KeyRecord key = KeyRecord.parse(text);
            assertThat(KeyRecord.isOne(text)).isTrue();
            String flags = ":" + reference(text).orElseThrow().getOrDefault("t", "").replaceAll("[ \t\r\n]", "") + ":";
            assertThat(key.isTesting()).isEqualTo(flags.contains(":y:"));
            assertThat(key.isStrict()).isEqualTo(flags.contains(":s:"));
            key.verify(Algorithm.RSA_SHA256, new byte[0], new byte[128]);
            throw new AssertionError("nobody signed with this key");
        } catch (UnverifiedException why) {
            assertThat(why.reason()).isNotEmpty().hasSizeLessThan(200);
            assertThat(why.result()).isIn(Result.PERMERROR, Result.POLICY, Result.FAIL);
        }
    }

    private static int prefix(String one, String other) {
        int i = 0;
        while (i < one.length() && one.charAt(i) == other.charAt(i)) {
            i++;
        }
        return i;
    }

    private static Optional<Map<String, String>> reference(String text) {
        List<String> parts = new ArrayList<>(Arrays.asList(text.split(";", -1)));
        if (parts.size() > 1 && blank(parts.getLast())) {
            parts.removeLast();
        }
        Map<String, String> tags = new LinkedHashMap<>();
        HashSet<String> names = new HashSet<>();
        for (String part : parts) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? "" : stripped(part.substring(0, equals));
            boolean good = name.matches("[A-Za-z][A-Za-z0-9_]*") && names.add(name)
                    && part.substring(equals + 1).chars()
                            .allMatch(c -> c > 0x20 && c != 0x7f || " \t\r\n".indexOf(c) >= 0);
            if (!good) {
                return Optional.empty();
            }
            tags.put(name, stripped(part.substring(equals + 1)));
        }
        return Optional.of(tags);
    }

    private static boolean blank(String text) {
        return stripped(text).isEmpty();
    }

    private static String stripped(String text) {
        return text.replaceAll("^[ \t\r\n]+", "").replaceAll("[ \t\r\n]+$", "");
    }
}
