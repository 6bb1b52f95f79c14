package org.staffetta.itests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Exim, whose TLS is that of GnuTLS in Debian. It cannot be installed beside Postfix, so {@code .ci/run} unpacks it into the build's folder; {@code
 * STAFFETTA_EXIM} names another one.
 */
final class Exim implements Peer {

    private final Path folder;
    private final int port;
    private final Process process;

    /**
     * Starts it.
     *
     * @param trusted by whose word it knows our name, {@code localhost}
     * @param own certificate; the key is beside it
     */
    Exim(Path folder, int port, Path trusted, Path own, Ours ours, String login) throws IOException {
        Programs.requireRoot();
        Path program = Path.of(Objects.requireNonNullElse(System.getenv("STAFFETTA_EXIM"),
                "target/exim/usr/sbin/exim4")).toAbsolutePath();
        assumeTrue(Files.isExecutable(program), "Exim is not there: .ci/run unpacks it");
        this.folder = Peer.publicFolder(folder);
        this.port = port;
        for (String part : List.of("mail", "log", "spool")) {
            Peer.publicFolder(folder.resolve(part));
        }
        Path conf = Files.writeString(folder.resolve("exim.conf"),
                main(program, own) + routers() + transports(trusted, ours) + authenticators(login));
        this.process = new ProcessBuilder(program.toString(), "-C", conf.toString(), "-bdf")
                .redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
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
    public void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private String main(Path program, Path own) {
        return """
                exim_path = %1$s
                spool_directory = %2$s/spool
                log_file_path = %2$s/log/%%slog
                pid_file_path = %2$s/pid
                deliver_drop_privilege = true
                keep_environment =
                primary_hostname = mx.exim.test
                local_interfaces = 127.0.0.1
                daemon_smtp_ports = %3$d
                disable_ipv6 = true
                host_lookup =
                acl_smtp_rcpt = accept
                acl_smtp_data = accept
                tls_advertise_hosts = *
                tls_certificate = %4$s
                tls_privatekey = %4$s
                log_selector = +tls_sni +tls_certificate_verified
                """.formatted(program, folder, port, own);
    }

    private static String routers() {
        StringBuilder routers = new StringBuilder("""
                begin routers
                own:
                  driver = accept
                  domains = exim.test : stranger.test
                  transport = file
                """);
        for (String way : List.of("tls12", "tls13", "wrapped", "misnamed", "plain")) {
            routers.append("""
                    %1$s:
                      driver = manualroute
                      domains = %1$s.test
                      route_list = * %2$s byname
                      transport = %1$s
                      self = send
                    """.formatted(way, way.equals("misnamed") ? "127.0.0.1" : "localhost"));
        }
        return routers.toString();
    }

    private String transports(Path trusted, Ours ours) {
        return """
                begin transports
                file:
                  driver = appendfile
                  file = %s/mail/all
                  mode_fail_narrower = false
                """.formatted(folder)
                + transport("tls12", ours.smtp(), trusted, "tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.2")
                + transport("tls13", ours.smtp(), trusted, "tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.3")
                + transport("wrapped", ours.submissions(), trusted, "protocol = smtps")
                + transport("misnamed", ours.smtp(), trusted, "")
                + transport("plain", ours.submission(), trusted, "hosts_require_auth = *");
    }

    private static String transport(String name, int port, Path trusted, String more) {
        return """
                %s:
                  driver = smtp
                  port = %d
                  allow_localhost
                  hosts_require_tls = *
                  tls_verify_certificates = %s
                  tls_verify_hosts = *
                  tls_verify_cert_hostnames = *
                  tls_sni = mx.test
                  hosts_try_dane =
                  dnssec_request_domains =
                  %s
                """.formatted(name, port, trusted, more);
    }

    private static String authenticators(String login) {
        return """
                begin retry
                * * F,1h,1h
                begin authenticators
                plain:
                  driver = plaintext
                  public_name = PLAIN
                  client_send = ^%s
                """.formatted(login.replace(':', '^'));
    }
}
