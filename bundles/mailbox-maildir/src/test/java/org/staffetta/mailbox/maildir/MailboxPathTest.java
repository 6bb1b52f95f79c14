package org.staffetta.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxPathTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"alice@demo.test, demo.test/alice",
            "john.doe+x_y=z-1@mail-1.demo.test, mail-1.demo.test/john.doe+x_y=z-1", "bob, %none/bob",
            "bob@, %empty/bob", "@demo.test, demo.test/%empty", "`` , %none/%empty", "a@b@demo.test, demo.test/a%40b"})
    void a_plain_account_has_a_plain_folder(String account, String path) {
        assertThat(MailboxPath.of(account)).hasToString(path);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"../../x@demo.test, demo.test/%2e.%2f..%2fx",
            "a/b@demo.test, demo.test/a%2fb",
            "..\\x@demo.test, demo.test/%2e.%5cx", "%2e%2e@demo.test, demo.test/%252e%252e",
            ".@demo.test, demo.test/%2e",
            "..@demo.test, demo.test/%2e.", "x@.., %2e./x", "x@../.., %2e.%2f../x", "-rf@demo.test, demo.test/%2drf",
            "Alice@demo.test, demo.test/%41lice", "~root@demo.test, demo.test/%7eroot",
            "`a b@demo.test`, demo.test/a%20b", "$(id)@demo.test, demo.test/%24%28id%29",
            "tmp@demo.test, demo.test/tmp",
            "ünal@demo.test, demo.test/%c3%bcnal", "a∕b@demo.test, demo.test/a%e2%88%95b"})
    void a_hostile_name_is_spelled_out(String account, String path) {
        assertThat(MailboxPath.of(account)).hasToString(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b@demo.test", "a\nb@demo.test", "\ud800@demo.test", "con@demo.test", "%none@%none"})
    void whatever_it_is_it_becomes_two_plain_names(String account) {
        MailboxPath path = MailboxPath.of(account);

        assertThat(path.domain()).matches("[a-z0-9%_+=][a-z0-9%._+=-]*");
        assertThat(path.name()).matches("[a-z0-9%_+=][a-z0-9%._+=-]*");
    }

    @ParameterizedTest
    @CsvSource({"alice@demo.test, Alice@demo.test", "\u00e9@demo.test, e\u0301@demo.test", "bob, bob@", "%2e@x, .@x",
            "'\ud800@x', ?@x", "'\ud800@x', '\udc00@x'", "%empty@x, @x", "bob@%none, bob"})
    void twins_are_kept_apart_even_where_case_does_not_count(String one, String other) {
        assertThat(folded(one)).isNotEqualTo(folded(other));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 255, 4096, 100_000})
    void a_long_name_fits_a_file_system(int length) {
        MailboxPath path = MailboxPath.of("a".repeat(length) + "@" + "b".repeat(length));

        assertThat(path.name()).hasSizeLessThanOrEqualTo(200);
        assertThat(path.domain()).hasSizeLessThanOrEqualTo(200);
        assertThat(path).isNotEqualTo(MailboxPath.of("a".repeat(length) + "x@" + "b".repeat(length)));
    }

    @Property
    void different_accounts_have_different_folders(@ForAll String one, @ForAll String other) {
        assertThat(folded(one).equals(folded(other))).isEqualTo(one.equals(other));
    }

    @Property(tries = 5000)
    void different_accounts_of_few_nasty_characters_have_different_folders(@ForAll @Nasty String one,
            @ForAll @Nasty String other) {
        assertThat(folded(one).equals(folded(other))).isEqualTo(one.equals(other));
    }

    @Property
    void no_name_is_special_to_a_file_system(@ForAll @Nasty String account) {
        MailboxPath path = MailboxPath.of(account);

        assertThat(path.domain()).isNotIn("", ".", "..").doesNotContain("/", "\\", "\0").hasSizeLessThanOrEqualTo(200);
        assertThat(path.name()).isNotIn("", ".", "..").doesNotContain("/", "\\", "\0").hasSizeLessThanOrEqualTo(200);
    }

    private static String folded(String account) {
        return MailboxPath.of(account).toString().toUpperCase(Locale.ROOT);
    }

    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @CharRange(from = '%', to = '%')
    @CharRange(from = '.', to = '/')
    @CharRange(from = '@', to = 'B')
    @CharRange(from = 'a', to = 'b')
    @CharRange(from = '2', to = '2')
    @CharRange(from = '\ud7ff', to = '\ue000')
    @StringLength(max = 5)
    @interface Nasty {}
}
