package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.identity.Precis.StringClass;

/**
 * The suite precis-i18n: 3,575 strings in eleven profiles, and tables of what each code point is. Those profiles that are not for AUTH are put together here from the
 * same parts.
 */
class PrecisSuiteTest {

    private static final Pattern CASE = Pattern.compile("\"profile\": \"([^\"]*)\",\\s*\"input\": (.*),\\s*"
            + "\"output\": (.*),\\s*\"error\": (.*)");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-f]{4})|(.))");

    private static final UnaryOperator<String> LOWER = text -> text.toLowerCase(Locale.ROOT);
    private static final UnaryOperator<String> FOLD = PrecisSuiteTest::folded;
    private static final Map<String, Precis> PROFILES = Map.ofEntries(
            Map.entry("UsernameCaseMapped", Precis.USERNAME_CASE_MAPPED),
            Map.entry("UsernameCaseMapped:ToLower", Precis.USERNAME_CASE_MAPPED),
            Map.entry("UsernameCaseMapped:CaseFold", username(FOLD)),
            Map.entry("UsernameCasePreserved", username(UnaryOperator.identity())),
            Map.entry("OpaqueString", Precis.OPAQUE_STRING),
            Map.entry("NicknameCaseMapped", nickname(LOWER)),
            Map.entry("NicknameCaseMapped:ToLower", nickname(LOWER)),
            Map.entry("NicknameCaseMapped:CaseFold", nickname(FOLD)),
            Map.entry("NicknameCasePreserved", nickname(UnaryOperator.identity())),
            Map.entry("IdentifierClass", new Precis(StringClass.IDENTIFIER, UnaryOperator.identity(), false)),
            Map.entry("FreeFormClass", new Precis(StringClass.FREEFORM, UnaryOperator.identity(), false)));

    /** One string in one profile. */
    record Case(String profile, String input, Optional<String> output) {

        @Override
        public String toString() {
            StringBuilder hex = new StringBuilder(profile).append(" |");
            input.codePoints().forEach(c -> hex.append(' ').append(Integer.toHexString(c)));
            return hex.toString();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_string_becomes_what_the_suite_says(Case one) {
        // that there must be something is a rule of profiles
        Optional<String> ours = one.profile().endsWith("Class") && one.input().isEmpty()
                ? Optional.of("")
                : PROFILES.get(one.profile()).enforce(one.input());

        assertThat(ours).isEqualTo(one.output());
    }

    @Test
    void the_suite_has_3575_cases() throws IOException {
        assertThat(cases()).hasSize(3575);
    }

    /** Of Unicode 15, which is older than the Java VM's: what was assigned then has not changed. */
    @Test
    void each_code_point_is_what_the_derived_properties_say() throws IOException {
        Stream<String> rows = lines("precis-i18n/derived-props-15.0.txt").stream()
                .map(line -> line.replaceFirst("/.*", "").replace(' ', ','));

        assertThat(differences(rows)).isEmpty();
    }

    /** The registry is that of Unicode 6.3, and stands still. */
    @Test
    void each_code_point_is_what_the_registry_of_IANA_says() throws IOException {
        Stream<String> rows = lines("precis-i18n/iana-precis-tables-6.3.0.csv").stream().skip(1);

        assertThat(differences(rows)).isEmpty();
    }

    // first-last,property
    private static List<String> differences(Stream<String> rows) {
        List<String> differences = new ArrayList<>();
        rows.map(row -> row.split("[,-]", -1)).forEach(words -> {
            boolean range = words[1].matches("[0-9A-F]{4,6}");
            Property theirs = property(words[range ? 2 : 1]);
            for (int c = Integer.parseInt(words[0], 16); c <= Integer.parseInt(words[range ? 1 : 0], 16); c++) {
                Property ours = Property.of(c);
                if (ours != theirs && theirs != Property.UNASSIGNED) {
                    differences.add(String.format(Locale.ROOT, "%04x %s, was %s", c, ours, theirs));
                }
            }
        });
        return differences;
    }

    static Stream<Case> cases() throws IOException {
        return CASE.matcher(text("precis-i18n/golden.json")).results()
                .map(found -> new Case(found.group(1), string(found.group(2)).orElseThrow(), string(found.group(3))));
    }

    private static Precis username(UnaryOperator<String> mapping) {
        return new Precis(StringClass.IDENTIFIER, text -> Precis.nfc(mapping.apply(Precis.width(text))), true);
    }

    // RFC 8266 section 2.3: again until nothing changes
    private static Precis nickname(UnaryOperator<String> mapping) {
        UnaryOperator<String> once = text -> Normalizer.normalize(
                mapping.apply(Precis.spaces(text).replaceAll("^ +| +$", "").replaceAll(" +", " ")),
                Normalizer.Form.NFKC);
        return new Precis(StringClass.FREEFORM,
                text -> Stream.iterate(text, once).limit(5).reduce((_, last) -> last).orElseThrow(), false);
    }

    // the full folding of Unicode, which Java has under no name
    private static String folded(String text) {
        StringBuilder folded = new StringBuilder();
        text.codePoints().mapToObj(PrecisSuiteTest::folded).forEach(folded::append);
        return folded.toString();
    }

    private static String folded(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        // Cherokee is folded to upper case, and the dotless i is a letter of its own
        StringBuilder lower = new StringBuilder();
        upper.codePoints().mapToObj(Character::toString).forEach(one -> lower.append(one.toLowerCase(Locale.ROOT)));
        return c == 0x131 ? "\u0131" : UnicodeScript.of(c) == UnicodeScript.CHEROKEE ? upper : lower.toString();
    }

    private static Property property(String name) {
        return switch (name) {
            case "CONTEXTJ", "CONTEXTO" -> Property.CONTEXT;
            case "ID_DIS or FREE_PVAL" -> Property.FREE_PVAL;
            default -> Property.valueOf(name);
        };
    }

    // null, or a text as JSON writes it; halves of surrogate pairs among them
    private static Optional<String> string(String json) {
        if (json.equals("null")) {
            return Optional.empty();
        }
        return Optional.of(ESCAPE.matcher(json.substring(1, json.length() - 1)).replaceAll(found -> Matcher
                .quoteReplacement(found.group(1) != null
                        ? Character.toString((char) Integer.parseInt(found.group(1), 16))
                        : switch (found.group(2)) {
                            case "n" -> "\n";
                            case "r" -> "\r";
                            case "t" -> "\t";
                            case "b" -> "\b";
                            case "f" -> "\f";
                            default -> found.group(2);
                        })));
    }

    private static List<String> lines(String file) throws IOException {
        return Arrays.stream(text(file).split("\r?\n", -1)).filter(line -> !line.isEmpty()).toList();
    }

    private static String text(String file) throws IOException {
        try (InputStream in = PrecisSuiteTest.class.getResourceAsStream("/suites/" + file)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
