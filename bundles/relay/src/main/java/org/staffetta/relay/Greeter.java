package org.staffetta.relay;

import java.io.IOException;
import java.util.Optional;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.tls.ClientTerms;
import org.staffetta.api.tls.Tls;
import org.staffetta.smtp.client.Command;
import org.staffetta.smtp.client.SmtpConnection;

/** Says hello to a server, and has the way to it encrypted as far as the policy asks for it. */
final class Greeter {

    private final String hostname;
    private final Security security;
    private final Optional<Tls> tls;

    /**
     * @param hostname ours
     * @param security what is asked of the connection
     * @param tls empty if there is none
     */
    Greeter(String hostname, Security security, Optional<Tls> tls) {
        this.hostname = hostname;
        this.security = security;
        this.tls = tls;
    }

    /**
     * The reply that decides whether mail may be sent; a positive one if it may.
     *
     * @param server its name, as far as it has one
     * @throws org.staffetta.api.tls.TlsException if the handshake failed: with another policy it may go in clear, over another connection
     */
    Reply greet(SmtpConnection connection, String server) throws IOException {
        Reply greeting = connection.reply();
        Reply reply = greeting.isPositive() ? connection.hello(hostname) : greeting;
        if (connection.session().isPresent()) {
            return promised(connection, reply);
        }
        if (!reply.isPositive() || security == Security.OFF) {
            return reply;
        }
        if (tls.isEmpty()) {
            return inClear(reply, "TLS is not available here");
        }
        if (!connection.capabilities().has("STARTTLS")) {
            return security == Security.REQUIRETLS
                    ? Replies.own(550, "5.7.10", "encryption is required, but the server does not offer STARTTLS")
                    : inClear(reply, "the server does not offer STARTTLS");
        }
        Reply go = connection.call(Command.STARTTLS);
        if (go.code() != 220) {
            return inClear(reply, "the server refused STARTTLS: " + go);
        }
        connection.encrypt(tls.get(), new ClientTerms(server, security.isVerified()));
        return promised(connection, connection.hello(hostname));
    }

    // nothing of the mail was said yet, and nothing will be
    private Reply inClear(Reply reply, String why) {
        return security.isRequired()
                ? Replies.own(451, "4.7.4", "encryption is required, but " + why)
                : reply;
    }

    // RFC 8689 section 4.2.1, step 5
    private Reply promised(SmtpConnection connection, Reply hello) {
        boolean lacking = security == Security.REQUIRETLS && hello.isPositive()
                && !connection.capabilities().has("REQUIRETLS");
        return lacking
                ? Replies.own(550, "5.7.30", "REQUIRETLS support is required, but the server does not offer it")
                : hello;
    }
}
