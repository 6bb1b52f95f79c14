package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.staffetta.domainkey.SigningKey;

/**
 * Postfix as Debian has it, with OpenDKIM and OpenDMARC as milters, in a folder of its own. Its clients say where they come from (XCLIENT): what comes
 * from loopback these programs do not look at. OpenDKIM has the public key from a file, OpenDMARC asks DNS for all it wants.
 *
 * <p>Master, the milters and all below them see another {@code /etc/resolv.conf}, for which they have a mount namespace of their own. All this needs root.
 */
final class CostPostfix implements CostSide {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> PROGRAMS = List.of("/usr/sbin/postfix", "/usr/sbin/opendkim",
            "/usr/sbin/opendmarc", "/usr/bin/unshare");
    private static final Map<Work, List<String>> MILTERS = new EnumMap<>(Map.of(Work.NOTHING, List.of(), Work.VERIFY,
            List.of("verify", "dmarc"), Work.SIGN, List.of("sign"), Work.ALL, List.of("verify", "dmarc", "sign")));

    private final Path folder;
    private final Map<Work, Integer> ports = new EnumMap<>(Work.class);
    private final List<Process> milters = new ArrayList<>();
    private final long master;

    /** Whether it can be started here. */
    static boolean isPossible() {
        return PROGRAMS.stream().allMatch(program -> Files.isExecutable(Path.of(program))) && hasNamespaces();
    }

    // not everybody who is called root is one: in a container he may lack that right
    private static boolean hasNamespaces() {
        try {
            return System.getProperty("user.name").equals("root")
                    && new ProcessBuilder("/usr/bin/unshare", "--mount", "true").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * @param theirs what the signatures that come in are made with
     * @param key the file of a key to sign with
     */
    CostPostfix(Path folder, ZoneServer dns, int sink, SigningKey theirs, Path key) throws Exception {
        this.folder = folder;
        // Postfix's own user has to get there
        Files.setPosixFilePermissions(folder.resolveSibling("."), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (Work work : Work.values()) {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.put(work, free.getLocalPort());
            }
        }
        file("resolv.conf", "nameserver " + dns.address() + "\n");
        configureMilters(theirs, key);
        configurePostfix(sink);
        milters.add(inNamespace("/usr/sbin/opendkim", "-f", "-x", path("verify.conf")));
        milters.add(inNamespace("/usr/sbin/opendkim", "-f", "-x", path("sign.conf")));
        milters.add(inNamespace("/usr/sbin/opendmarc", "-f", "-c", path("dmarc.conf")));
        for (String socket : List.of("verify", "sign", "dmarc")) {
            Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(folder.resolve(socket + ".sock")));
        }
        Process start = inNamespace("/usr/sbin/postfix", "-c", path("conf"), "start");
        if (start.waitFor() != 0) {
            close();
            throw new IOException("Postfix did not start:\n" + Files.readString(folder.resolve("out")) + log());
        }
        master = Long.parseLong(Files.readString(folder.resolve("queue/pid/master.pid")).strip());
    }

    private void configureMilters(SigningKey theirs, Path key) throws IOException {
        // its resolver does not ask loopback, and told to do so it reads that again for each connection, which two threads at a time do not survive
        file("keys", CostMail.SELECTOR + "._domainkey." + CostMail.DOMAIN + " " + theirs.record() + "\n");
        String common = """
                UMask 000
                AuthservID mx.bench.test
                Syslog no
                """;
        file("verify.conf", common + """
                Mode v
                Socket local:%s
                TestPublicKeys %s
                """.formatted(path("verify.sock"), path("keys")));
        file("sign.conf", common + """
                Mode s
                Socket local:%s
                Domain %s
                Selector ours
                KeyFile %s
                RequireSafeKeys no
                InternalHosts 192.0.2.0/24
                Canonicalization relaxed/relaxed
                OversignHeaders From
                """.formatted(path("sign.sock"), CostMail.DOMAIN, key));
        file("dmarc.conf", common + """
                Socket local:%s
                TrustedAuthservIDs mx.bench.test
                SPFIgnoreResults true
                SPFSelfValidate true
                RejectFailures true
                """.formatted(path("dmarc.sock")));
    }

    private void configurePostfix(int sink) throws IOException {
        Files.createDirectories(folder.resolve("conf"));
        Files.createDirectories(folder.resolve("queue"));
        Path data = Files.createDirectories(folder.resolve("lib"));
        Files.setOwner(data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        file("conf/main.cf", """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/lib
                maillog_file = %1$s/mail.log
                maillog_file_prefixes = /var, %1$s
                myhostname = mx.bench.test
                mydestination =
                alias_maps =
                inet_interfaces = 127.0.0.1
                inet_protocols = ipv4
                relay_domains = drain.test, judged.test
                relay_transport = discard:
                transport_maps = inline:{judged.test=smtp:[127.0.0.1]:%2$d}
                smtpd_authorized_xclient_hosts = 127.0.0.1
                milter_default_action = tempfail
                """.formatted(folder, sink));
        StringBuilder master = new StringBuilder("""
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 300 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                bounce unix - - n - 0 bounce
                defer unix - - n - 0 bounce
                trace unix - - n - 0 bounce
                verify unix - - n - 1 verify
                proxymap unix - - n - - proxymap
                smtp unix - - n - - smtp
                showq unix n - n - - showq
                error unix - - n - - error
                retry unix - - n - - error
                discard unix - - n - - discard
                anvil unix - - n - 1 anvil
                scache unix - - n - 1 scache
                postlog unix-dgram n - n - 1 postlogd
                """);
        ports.forEach((work, port) -> master.append("127.0.0.1:").append(port).append(" inet n - n - - smtpd\n")
                .append("  -o smtpd_milters=").append(MILTERS.getOrDefault(work, List.of()).stream()
                        .map(name -> "unix:" + path(name + ".sock")).collect(Collectors.joining(",")))
                .append('\n'));
        file("conf/master.cf", master.toString());
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    // each becomes the next, so that the process is the program itself
    private Process inNamespace(String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("/usr/bin/unshare", "--mount", "sh", "-c",
                "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", path("resolv.conf")));
        line.addAll(List.of(command));
        return new ProcessBuilder(line).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile())).start();
    }

    @Override
    public String name() {
        try {
            return "Postfix " + version("/usr/sbin/postconf", "-d", "-h", "mail_version") + ", OpenDKIM "
                    + version("/usr/sbin/opendkim", "-V") + ", OpenDMARC " + version("/usr/sbin/opendmarc", "-V");
        } catch (IOException e) {
            return "Postfix";
        }
    }

    private static String version(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Matcher number = Pattern.compile("[0-9]+(\\.[0-9]+)+").matcher(
                new String(process.getInputStream().readAllBytes(), UTF_8));
        return number.find() ? number.group() : "?";
    }

    @Override
    public int port(Work work) {
        return ports.getOrDefault(work, 0);
    }

    @Override
    public List<String> opening() {
        return List.of("EHLO mx.sender.example", "XCLIENT ADDR=192.0.2.10 NAME=mx.sender.example",
                "EHLO mx.sender.example");
    }

    @Override
    public long allocated() {
        return 0;
    }

    @Override
    public long cpu() throws IOException {
        long nanos = Cpu.of(master);
        for (Process milter : milters) {
            nanos += Cpu.of(milter.pid());
        }
        return nanos;
    }

    @Override
    public void awaitGone(int messages) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(this::isQueueEmpty);
    }

    private boolean isQueueEmpty() throws IOException {
        for (String queue : List.of("incoming", "active", "deferred")) {
            try (Stream<Path> files = Files.walk(folder.resolve("queue").resolve(queue))) {
                if (files.anyMatch(Files::isRegularFile)) {
                    return false;
                }
            } catch (java.io.UncheckedIOException moved) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String log() throws IOException {
        Path log = folder.resolve("mail.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() throws IOException {
        try {
            new ProcessBuilder("/usr/sbin/postfix", "-c", path("conf"), "stop").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile())).start().waitFor();
            for (Process milter : milters) {
                milter.destroy();
                milter.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
