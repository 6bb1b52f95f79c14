package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Address;

class CommandParserTest {

    private final CommandParser parser = new CommandParser("mx.example.org");

    @ParameterizedTest
    @CsvSource({"EHLO a.example,EHLO", "helo a.example,HELO", "mail from:<>,MAIL", "Rcpt To:<a@b>,RCPT", "DATA,DATA",
            "data ,DATA",
            "BDAT 5,BDAT", "rset,RSET", "NOOP x y,NOOP", "QUIT,QUIT", "HELP mail,HELP", "VRFY a,VRFY", "EXPN a,EXPN",
            "STARTTLS,STARTTLS",
            "AUTH PLAIN,AUTH", "FOO bar,FOO"})
    void verbsComeInAnyCase(String line, String verb) throws CommandException {
        assertThat(parser.parse(line).verb()).isEqualTo(verb);
    }

    @ParameterizedTest(name = "{0} is {1} at {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <a@b.example>                 | a     | b.example
            <A.b@B.EXAMPLE>               | A.b   | b.example
            <"a b"@b.example>             | a b   | b.example
            <"a\\"b"@b.example>           | a"b   | b.example
            <"a@c"@b.example>             | a@c   | b.example
            <"a>c"@b.example>             | a>c   | b.example
            <a%c@b.example>               | a%c   | b.example
            <c!a@b.example>               | c!a   | b.example
            <@c.example:a@b.example>      | a     | b.example
            <@c,@d.e:a@b.example>         | a     | b.example
            <a@[192.0.2.1]>               | a     | [192.0.2.1]
            <a@[IPv6:2001:DB8::1]>        | a     | [ipv6:2001:db8::1]
            <postMASTER>                  | postMASTER | mx.example.org
            <grüße@grüße.example>         | grüße | grüße.example
            """)
    void forwardPaths(String path, String local, String domain) throws CommandException {
        assertThat(parser.parse("RCPT TO:" + path)).isEqualTo(new Command.Rcpt(new Address(local, domain), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<>", "a@b", "<a@b", "a@b>", "<a>", "<@b>", "<a@>", "<a@b>x", "<a@b@c>",
            "<a@b.>", "<.a@b>",
            "<a.@b>", "<a..c@b>", "<a b@b>", "<a@b c>", "<\"a@b>", "<\"a\"b@b>", "<\"a\\>", "<a@[1.2.3]>",
            "<a@[1.2.3.256]>", "<a@[::1]>",
            "<a@[IPv6:1.2.3.4]>", "<a@[IPv6:fe80::1%eth0]>", "<a@[x]>", "<a@[]>", "<a@[1.2.3.4>", "<@:a@b>", "<@b,a@b>",
            "<@b,:a@b>", "<@b a@b>",
            "<a(c)@b>", "<a@b;c>", "<<a@b>>", "<a@b%00.c>"})
    void whatIsNoForwardPath(String path) {
        CommandException refused = catchThrowableOfType(CommandException.class, () -> parser.parse("RCPT TO:" + path));
        assertThat(refused.reply().code()).isEqualTo(501);
        assertThat(refused.reply().status()).isEqualTo("5.1.3");
    }

    @Test
    void theNullReversePath() throws CommandException {
        assertThat(parser.parse("MAIL FROM:<>")).isEqualTo(new Command.Mail(Address.NULL, Map.of()));
    }

    @Test
    void parameters() throws CommandException {
        assertThat(
                parser.parse("MAIL FROM:<a@b>  size=10 Body=8bitmime SMTPUTF8 RET=full ENVID=a+2Bb AUTH=<> requiretls"))
                .isEqualTo(new Command.Mail(new Address("a", "b"),
                        Map.of("SIZE", "10", "BODY", "8BITMIME", "SMTPUTF8", "", "RET", "FULL", "ENVID", "a+2Bb",
                                "AUTH", "<>", "REQUIRETLS", "")));
        assertThat(parser.parse("RCPT TO:<a@b> NOTIFY=delay,Success ORCPT=utf-8;grüße@b"))
                .isEqualTo(new Command.Rcpt(new Address("a", "b"),
                        Map.of("NOTIFY", "DELAY,SUCCESS", "ORCPT", "utf-8;grüße@b")));
    }

    @ParameterizedTest
    @CsvSource({"BDAT 0,0,false", "BDAT 0 LAST,0,true", "bdat 123456789012345678 last,123456789012345678,true"})
    void chunks(String line, long size, boolean last) throws CommandException {
        assertThat(parser.parse(line)).isEqualTo(new Command.Bdat(size, last));
    }

    @Test
    void aSecretIsNotPrinted() throws CommandException {
        assertThat(parser.parse("AUTH PLAIN c2VjcmV0")).isEqualTo(new Command.Auth("PLAIN", "c2VjcmV0"))
                .asString().doesNotContain("c2VjcmV0");
    }

    @Test
    void postmasterWithoutADomainIsNoSender() {
        assertThat(catchThrowableOfType(CommandException.class, () -> parser.parse("MAIL FROM:<postmaster>")))
                .isNotNull();
    }

    @Property(tries = 5000)
    void whateverComesIsACommandOrARefusal(@ForAll("lines") String line) {
        try {
            assertThat(parser.parse(line).verb()).doesNotContain("\r", "\n");
        } catch (CommandException refused) {
            assertThat(refused.reply().code()).isBetween(400, 599);
        }
    }

    @Property(tries = 2000)
    void anAddressIsReadAsItIsWritten(@ForAll("addresses") Address address) throws CommandException {
        assertThat(parser.parse("RCPT TO:<" + address + ">")).isEqualTo(new Command.Rcpt(address, Map.of()));
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> tail = Arbitraries.strings().withChars(" <>@\"\\:;,=+[].%!a1é\t\u0131").ofMaxLength(25);
        return Combinators.combine(
                Arbitraries.of("", "MAIL FROM:<", "RCPT TO:<", "MAIL FROM:<a@b> ", "RCPT TO:<a@b> ", "BDAT ", "AUTH ",
                        "EHLO ", "MAIL FROM:<a@b> ENVID=", "RCPT TO:<a@b> ORCPT="),
                tail).as(String::concat);
    }

    @Provide
    Arbitrary<Address> addresses() {
        Arbitrary<String> local = Arbitraries.strings().withCharRange(' ', '~').withChars("éß\"\\@. ").ofMinLength(1)
                .ofMaxLength(20);
        return Combinators.combine(local, Arbitraries.of("b.example", "[192.0.2.1]", "grüße.example")).as(Address::new);
    }
}
