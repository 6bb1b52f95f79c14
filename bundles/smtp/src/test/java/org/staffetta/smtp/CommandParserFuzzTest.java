package org.staffetta.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.mail.Reply;

/** A line is one command, or one reply says why not; what was understood of a command is the same when it is said again. */
class CommandParserFuzzTest {

    private final CommandParser parser = new CommandParser("mx.example.org");

    @FuzzTest
    void a_command_means_the_same_when_it_is_said_again(byte[] octets) throws CommandException {
        String line = new String(octets, StandardCharsets.UTF_8);
        if (line.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) {
            return; // no line of the wire
        }
        Command command;
        try {
            command = parser.parse(line);
        } catch (CommandException refused) {
            Reply reply = refused.reply();
            assertThat(reply.code()).isIn(421, 501, 521, 555);
            assertThat(ReplyWriter.encode(reply)).endsWith("\r\n".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        switch (command) {
            case Command.Mail mail -> {
                assertThat(parser.parse("MAIL FROM:<" + mail.sender() + ">" + said(mail.parameters()))).isEqualTo(mail);
                requireStable(mail.sender());
            }
            case Command.Rcpt rcpt -> {
                assertThat(parser.parse("RCPT TO:<" + rcpt.recipient() + ">" + said(rcpt.parameters())))
                        .isEqualTo(rcpt);
                requireStable(new Recipient(rcpt.recipient(), rcpt.parameters()).address());
            }
            case Command.Hello hello -> {
                assertThat(hello.name().chars().allMatch(c -> c > ' ' && c < 0x7f)).isTrue();
                assertThat(parser.parse(hello.verb() + " " + hello.name())).isEqualTo(hello);
            }
            case Command.Bdat bdat -> {
                assertThat(bdat.size()).isNotNegative();
                assertThat(parser.parse("BDAT " + bdat.size() + (bdat.last() ? " LAST" : ""))).isEqualTo(bdat);
            }
            case Command.Auth auth -> {
                assertThat(parser.parse("AUTH " + auth.mechanism() + " " + auth.initial())).isEqualTo(auth);
                assertThat(auth.toString()).isEqualTo("Auth[" + auth.mechanism() + "]");
            }
            case Command.Other other -> assertThat(other.verb().length()).isLessThanOrEqualTo(32);
            default -> assertThat(parser.parse(command.verb())).isEqualTo(command);
        }
    }

    // whoever decides by the address whether it may pass must see the one that is written to the next server
    private static void requireStable(Address address) {
        assertThat(address.toString().chars().noneMatch(c -> c < 0x20 || c == 0x7f)).isTrue();
        if (!address.isNull()) {
            assertThat(Address.parse(address.toString())).isEqualTo(address);
        }
    }

    private static String said(Map<String, String> parameters) {
        StringBuilder said = new StringBuilder();
        parameters.forEach((key, value) -> said.append(' ').append(key).append(value.isEmpty() ? "" : "=" + value));
        return said.toString();
    }
}
