package org.staffetta.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    private static final Set<String> WORDS = Set.of("address", "local", "domain");

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"(mail={address});(mail=a@b)", "(mail={local}@{domain});(mail=a@b)",
            "(&(objectClass=x)(|(mail={address})(!(uid={local}))));(&(objectClass=x)(|(mail=a@b)(!(uid=a))))",
            "(mail={local}*);(mail=a*)", "(mail=*{local}*x{domain});(mail=*a*xb)", "(uid>={local});(uid>=a)",
            "(uid<={local});(uid<=a)", "(uid~={local});(uid~=a)", "(cn:dn:2.4.6:={local});(cn:dn:2.4.6:=a)",
            "(cn=*);(cn=*)", "(photo=\\ff\\00);(photo=\\ff\\00)", "(cn={});(cn={})"})
    void words_in_values_are_replaced_wherever_they_are(String template, String filter) throws LDAPException {
        Set<String> words = template.contains("{}") ? Set.of("") : WORDS;
        Map<String, String> values = Map.of("address", "a@b", "local", "a", "domain", "b", "", "{}");
        assertThat(Template.parse("f", template, words).fill(values)).isEqualTo(Filter.create(filter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail={address}x)", "(mail={address}", "", "({address}=x)", "(mail={adress})",
            "(&(mail={address})(uid={name}))"})
    void what_is_no_filter_or_has_unknown_words_is_refused_with_its_key(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Template.parse("account.filter", text, WORDS))
                .withMessageStartingWith("account.filter: '" + text + "'");
    }

    @Test
    void it_says_what_it_needs() {
        assertThat(Template.parse("f", "(|(a={local})(b=*{domain}*)(c=x))", WORDS).words())
                .containsExactlyInAnyOrder("local", "domain");
    }

    @Property
    void no_value_becomes_a_part_of_the_filter(@ForAll @NotEmpty String value) throws LDAPException {
        Template template = Template.parse("f", "(&(objectClass=x)(|(mail={address})(cn=*{local}*))(!(uid={domain})))",
                WORDS);
        Filter filter = template.fill(Map.of("address", value, "local", value, "domain", value));
        // as text and back, which is what could go wrong if it were put together as text
        for (Filter one : new Filter[]{filter, Filter.create(filter.toString())}) {
            Filter or = one.getComponents()[1];
            assertThat(one.getComponents()).hasSize(3);
            assertThat(one.getComponents()[0]).isEqualTo(Filter.equals("objectClass", "x"));
            assertThat(or.getComponents()).hasSize(2);
            assertThat(or.getComponents()[0].getAssertionValueBytes())
                    .isEqualTo(filter.getComponents()[1].getComponents()[0].getAssertionValueBytes());
            assertThat(or.getComponents()[1].getSubAnyStrings()).hasSize(1);
            assertThat(one.getComponents()[2].getNOTComponent().getAttributeName()).isEqualTo("uid");
        }
    }
}
