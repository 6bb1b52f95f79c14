package org.staffetta.shell;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.session.Sessions;
import org.staffetta.smtp.client.Command;
import org.staffetta.smtp.client.Dial;
import org.staffetta.smtp.client.Protocol;
import org.staffetta.smtp.client.SmtpConnection;
import org.staffetta.smtp.client.Timeouts;
import org.staffetta.smtp.client.Transcript;

/** {@code send}: a test mail over SMTP, with the dialogue shown. */
final class SendCommand implements MailCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MAX_BODY = 1 << 20;

    private final Supplier<Collection<Sessions>> listeners;
    private final InstantSource clock;

    /** Asks for the listeners anew for each command. */
    SendCommand(Supplier<Collection<Sessions>> listeners, InstantSource clock) {
        this.listeners = listeners;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "send";
    }

    @Override
    public String usage() {
        return "send --to ADDRESS[,ADDRESS...] [--from ADDRESS|<>] [--subject TEXT] [--body TEXT|-] [--server HOST:PORT]"
                + " [--helo NAME]";
    }

    @Override
    public String purpose() {
        return "sends a test mail to our own listener or another server, and shows the dialogue";
    }

    @Override
    public void run(List<String> words, PrintStream out) throws IOException {
        Arguments arguments = Arguments.parse(usage(), words, Set.of(),
                Set.of("--to", "--from", "--subject", "--body", "--server", "--helo")).requireWords(0, 0);
        String to = arguments.value("--to")
                .orElseThrow(() -> new IllegalArgumentException("whom to? usage: " + usage()));
        List<Address> recipients = Arrays.stream(to.split(",", -1)).map(String::strip).map(SendCommand::address)
                .toList();
        // nobody bounces a test mail: the null reverse-path is taken everywhere (RFC 5321 section 6.1)
        String from = arguments.value("--from").orElse("<>");
        Address sender = from.isEmpty() || from.equals("<>") ? Address.NULL : address(from);
        String body = arguments.value("--body").orElse("A test mail of Staffetta.");
        byte[] message = TestMail.write(sender, recipients, arguments.value("--subject").orElse("Test"),
                body.equals("-") ? input() : body, clock.instant());
        Dial dial = Dial.of(server(arguments), Protocol.SMTP).with(Timeouts.all(PATIENCE)).with(shown(out));
        try (SmtpConnection connection = SmtpConnection.open(dial)) {
            connection.expireAfter(PATIENCE.multipliedBy(5));
            converse(connection, arguments.value("--helo").orElse("localhost"), sender, recipients, message);
        }
    }

    private static void converse(SmtpConnection connection, String name, Address sender, List<Address> recipients,
            byte[] message) throws IOException {
        require(connection.reply());
        require(connection.hello(name));
        boolean international = sender.isInternational() || recipients.stream().anyMatch(Address::isInternational);
        if (international && !connection.capabilities().smtpUtf8()) {
            connection.quit();
            throw new IllegalStateException("the server does not offer SMTPUTF8, which an address needs");
        }
        require(connection.call(Command.mail(sender, international ? Map.of("SMTPUTF8", "") : Map.of())));
        int taken = 0;
        Reply refusal = null;
        for (Address recipient : recipients) {
            Reply reply = connection.call(Command.recipient(recipient, Map.of()));
            taken += reply.isPositive() ? 1 : 0;
            refusal = reply.isPositive() ? refusal : reply;
        }
        if (taken > 0) {
            require(connection.call(Command.DATA));
            connection.message(new ByteArrayInputStream(message), 1);
            require(connection.reply());
        }
        connection.quit();
        if (refusal != null) {
            throw new IllegalStateException("refused: " + refusal);
        }
    }

    private static void require(Reply reply) {
        if (!reply.isPositive()) {
            throw new IllegalStateException("refused: " + reply);
        }
    }

    private InetSocketAddress server(Arguments arguments) throws IOException {
        String server = arguments.value("--server").orElseGet(() -> listeners.get().stream().map(Sessions::address)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no listener runs here; say --server HOST:PORT")));
        InetSocketAddress named = Endpoint.parse(server);
        InetAddress address = InetAddress.getByName(named.getHostString());
        // a listener on the wildcard address is reached over loopback
        return new InetSocketAddress(address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address,
                named.getPort());
    }

    private static String input() throws IOException {
        byte[] octets = System.in.readNBytes(MAX_BODY + 1);
        if (octets.length > MAX_BODY) {
            throw new IllegalArgumentException("a test mail has at most " + MAX_BODY + " octets");
        }
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static Address address(String text) {
        try {
            return Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
        }
    }

    private static Transcript shown(PrintStream out) {
        return new Transcript() {
            @Override
            public void sent(String line) {
                out.println("> " + Table.clean(line));
            }

            @Override
            public void received(String line) {
                out.println("< " + Table.clean(line));
            }
        };
    }
}
