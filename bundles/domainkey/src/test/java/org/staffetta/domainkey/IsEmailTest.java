package org.staffetta.domainkey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.api.mail.Header;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The suite addr-isemail, both parts, as what stands in a From field. What is no address has no author; what is one has an author if it has the domain
 * of somebody who could publish a policy; of what is obsolete or odd we may think as we like, but never find another domain than the one it ends in.
 */
class IsEmailTest {

    /** One address of the suite. */
    record Case(String file, String id, String address, String category, String diagnosis) {
        @Override
        public String toString() {
            return file + " " + id + " " + diagnosis;
        }

        String name() {
            return file + " " + id;
        }
    }

    private enum Expectation {
        AUTHOR, NONE, EITHER
    }

    @ParameterizedTest
    @MethodSource("cases")
    void has_the_author_that_it_should(Case one) throws Exception {
        Optional<String> author = author(one.address());
        Expectation expected = expected(one);
        boolean met = expected == Expectation.EITHER || author.isPresent() == (expected == Expectation.AUTHOR);

        assertThat(met).as("%s: %s", one.address(), author).isNotEqualTo(exceptions().contains(one.name()));
        author.ifPresent(domain -> assertThat(one.address().toLowerCase(Locale.ROOT)).contains("@" + domain));
    }

    @Test
    void the_suite_has_443_addresses() throws Exception {
        assertThat(cases()).hasSize(443);
        assertThat(cases().map(Case::name)).containsAll(exceptions());
    }

    static Stream<Case> cases() throws Exception {
        List<Case> cases = new ArrayList<>();
        for (String file : List.of("tests.xml", "tests-original.xml")) {
            try (InputStream in = IsEmailTest.class.getResourceAsStream("/suites/addr-isemail/" + file)) {
                NodeList tests = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(in)
                        .getElementsByTagName("test");
                for (int i = 0; i < tests.getLength(); i++) {
                    Element test = (Element) tests.item(i);
                    cases.add(new Case(file, test.getAttribute("id"), controls(text(test, "address")),
                            text(test, "category"), text(test, "diagnosis")));
                }
            }
        }
        return cases.stream();
    }

    private static Expectation expected(Case one) {
        return switch (one.category()) {
            case "ISEMAIL_ERR" -> Expectation.NONE;
            case "ISEMAIL_VALID_CATEGORY", "ISEMAIL_DNSWARN", "ISEMAIL_RFC5321" ->
                isName(one.address().substring(one.address().lastIndexOf('@') + 1))
                        ? Expectation.AUTHOR
                        : Expectation.NONE;
            default -> Expectation.EITHER;
        };
    }

    // a policy cannot stand at a literal, nor at a name without a dot
    private static boolean isName(String domain) {
        return !domain.startsWith("[") && domain.indexOf('.') > 0;
    }

    private static Optional<String> author(String address) {
        String octets = new String(address.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try {
            return Author.domain(List.of(new Header("From: " + octets)));
        } catch (IllegalArgumentException noHeader) {
            // the listener takes no such message
            return Optional.empty();
        }
    }

    private static List<String> exceptions() throws Exception {
        try (InputStream in = IsEmailTest.class.getResourceAsStream("/suites/exceptions.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> line.contains(" | ") && !line.startsWith("#"))
                    .map(line -> line.substring(0, line.indexOf(" | "))).toList();
        }
    }

    private static String text(Element test, String name) {
        NodeList found = test.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    // U+2400 + n stands for the control character n
    private static String controls(String address) {
        StringBuilder text = new StringBuilder();
        address.chars().forEach(c -> text.append((char) (c >= 0x2400 && c <= 0x241f ? c - 0x2400 : c)));
        return text.toString();
    }
}
