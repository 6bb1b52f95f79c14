package org.staffetta.itests;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Postfix, whose TLS is that of OpenSSL, and whose SASL that of Cyrus. */
final class Postfix implements Peer {

    private final Path folder;
    private final int port;
    private final int port12;

    /**
     * Starts it.
     *
     * @param trusted by whose word it knows our name, {@code mx.test}
     * @param own key and certificate
     * @param port12 another port, on which it speaks TLS 1.2 only
     */
    Postfix(Path folder, int port, int port12, Path trusted, Path own, Ours ours, String login)
            throws IOException, InterruptedException {
        Programs.requireRoot();
        this.folder = Peer.publicFolder(folder);
        this.port = port;
        this.port12 = port12;
        Peer.publicFolder(folder.resolve("mail"));
        Peer.publicFolder(folder.resolve("log"));
        Files.createDirectory(folder.resolve("queue"));
        Files.writeString(folder.resolve("main.cf"), main(trusted, own, ours, login));
        Files.writeString(folder.resolve("master.cf"), master());
        Programs.run("postfix", "-c", folder.toString(), "start");
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            try (Client client = new Client(port)) {
                return client.greeting().startsWith("220");
            }
        });
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String log() {
        return String.join("", Peer.contents(folder.resolve("log")));
    }

    @Override
    public List<String> mails() {
        return Peer.contents(folder.resolve("mail"));
    }

    @Override
    public void stop() throws IOException, InterruptedException {
        Programs.run("postfix", "-c", folder.toString(), "stop");
    }

    private String main(Path trusted, Path own, Ours ours, String login) {
        return """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/log/postfix
                maillog_file_prefixes = %1$s/log
                command_directory = /usr/sbin
                daemon_directory = /usr/lib/postfix/sbin
                mail_owner = postfix
                setgid_group = postdrop
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                myhostname = mx.postfix.test
                mydestination =
                mynetworks = 127.0.0.0/8
                alias_maps =
                fast_flush_domains =
                smtpd_recipient_restrictions = permit_mynetworks, reject
                virtual_mailbox_domains = postfix.test, postfix12.test, stranger.test
                virtual_mailbox_base = %1$s/mail
                virtual_mailbox_maps = static:all/
                virtual_uid_maps = static:65534
                virtual_gid_maps = static:65534
                smtpd_tls_security_level = may
                smtpd_tls_chain_files = %3$s
                smtpd_tls_received_header = yes
                smtpd_tls_loglevel = 1
                smtp_host_lookup = native
                smtp_tls_security_level = secure
                smtp_tls_secure_cert_match = mx.test
                smtp_tls_servername = mx.test
                smtp_tls_CAfile = %2$s
                smtp_tls_loglevel = 1
                smtp_sasl_password_maps = inline:{ { [127.0.0.1]:%6$d = %7$s } }
                smtp_sasl_security_options = noanonymous
                transport_maps = inline:{
                  { tls12.test = tls12:[127.0.0.1]:%4$d } { tls13.test = tls13:[127.0.0.1]:%4$d }
                  { wrapped.test = wrapped:[127.0.0.1]:%5$d } { misnamed.test = misnamed:[127.0.0.1]:%4$d }
                  { plain.test = plain:[127.0.0.1]:%6$d } { scram.test = scram:[127.0.0.1]:%6$d } }
                """.formatted(folder, trusted, own, ours.smtp(), ours.submissions(), ours.submission(), login);
    }

    private String master() {
        return """
                127.0.0.1:%d inet n - n - - smtpd
                127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_protocols=>=TLSv1.2,<=TLSv1.2
                pickup unix n - n 60 1 pickup
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                tlsmgr unix - - n 1000 1 tlsmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                proxymap unix - - n - - proxymap
                error unix - - n - - error
                retry unix - - n - - error
                virtual unix - n n - - virtual
                anvil unix - - n - 1 anvil
                scache unix - - n - 1 scache
                postlog unix-dgram n - n - 1 postlogd
                smtp unix - - n - - smtp
                tls12 unix - - n - - smtp -o smtp_tls_mandatory_protocols=>=TLSv1.2,<=TLSv1.2
                tls13 unix - - n - - smtp -o smtp_tls_mandatory_protocols=>=TLSv1.3
                wrapped unix - - n - - smtp -o smtp_tls_wrappermode=yes
                misnamed unix - - n - - smtp -o smtp_tls_secure_cert_match=mx.elsewhere.test
                plain unix - - n - - smtp -o smtp_sasl_auth_enable=yes -o smtp_sasl_mechanism_filter=plain
                scram unix - - n - - smtp -o smtp_sasl_auth_enable=yes -o smtp_sasl_mechanism_filter=scram-sha-256
                """.formatted(port, port12);
    }
}
