package org.staffetta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.mail.Address;

class CommandTest {

    @Test
    void addresses_and_parameters_stand_as_the_wire_wants_them() {
        assertThat(Command.mail(Address.NULL, Map.of()).line()).isEqualTo("MAIL FROM:<>");
        assertThat(Command.mail(Address.parse("a@b.test"), Map.of("SIZE", "10", "SMTPUTF8", "")).line())
                .isEqualTo("MAIL FROM:<a@b.test> SIZE=10 SMTPUTF8");
        assertThat(Command.recipient(new Address("a b> SIZE=1", "b.test"), Map.of()).line())
                .isEqualTo("RCPT TO:<\"a b> SIZE=1\"@b.test>");
        assertThat(Command.hello("EHLO", "[192.0.2.1]").line()).isEqualTo("EHLO [192.0.2.1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "RSET\r\nDATA", "RSET\n", "RSET\r", "RSET\0", "A\u007f", "A\u001b[1m"})
    void a_command_is_one_line(String line) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Command(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nb"})
    void a_host_name_is_one_word(String hostname) {
        assertThatIllegalArgumentException().isThrownBy(() -> Command.hello("EHLO", hostname));
    }

    @Property
    void a_parameter_stays_one_parameter_of_one_line(@ForAll("text") String keyword, @ForAll("text") String value) {
        try {
            String line = Command.recipient(Address.parse("a@b.test"), Map.of(keyword, value)).line();

            assertThat(line).isEqualTo("RCPT TO:<a@b.test> " + keyword + (value.isEmpty() ? "" : "=" + value));
            assertThat(line.split(" ", -1)).hasSize(3);
            assertThat(line.chars()).allMatch(c -> c >= 0x20 && c != 0x7f);
        } catch (IllegalArgumentException refused) {
            assertThat(keyword + "=" + value)
                    .matches("(?s)=.*|-.*|.*=.*=.*|.*[^A-Za-z0-9-].*=.*|.*[\\x00-\\x20\\x7f].*");
        }
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.of("A", "z", "9", "-", " ", "=", "\r\n", "\0", "+2B", ";", "ü").list().ofMaxSize(3)
                .map(parts -> String.join("", parts));
    }
}
