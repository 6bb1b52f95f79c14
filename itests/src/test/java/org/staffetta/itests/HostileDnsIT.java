package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.staffetta.testkit.FakeDns;
import org.xbill.DNS.Message;

/**
 * The whole way of messages that would pass everything, while DNS does to each all that it can: all at once, each message in the name of a domain of
 * its own about which DNS behaves in one bad way. Beside them somebody sends about whose domain DNS is honest.
 */
class HostileDnsIT {

    private static final Duration DNS_TIME = Duration.ofSeconds(2);
    // for all the rest, on a machine that is busy with fifty sessions
    private static final Duration SLACK = Duration.ofSeconds(3);
    private static final int QUESTIONS = 50;
    private static final Pattern PASS = Pattern.compile("\\b(spf|dkim|arc|dmarc)=pass\\b");

    @TempDir
    private static Path folder;
    private static FakeDns dns;
    private static Server server;
    private static SignedMail mail;
    private static List<DnsAttack> attacks;
    private static DnsAttack calm;
    private static final Map<String, DnsAttack> INSTEAD = new ConcurrentHashMap<>();
    private static final Map<DnsAttack, Report> ATTACKED = new HashMap<>();
    private static final Map<DnsAttack, Report> QUESTIONED = new HashMap<>();
    private static final List<Report> CALM = new ArrayList<>();
    private static final Map<String, Long> ASKED = new HashMap<>();

    /** What became of a message: the reply to it, the longest wait for a reply to any command, and what was found. */
    private record Report(String reply, String slowest, Duration longest, Set<String> passed) {}

    @BeforeAll
    static void attack() throws Exception {
        mail = new SignedMail();
        attacks = DnsAttack.all(mail.publicKey());
        calm = DnsAttack.none("calm", mail.publicKey());
        dns = new FakeDns();
        dns.talks((query, line) -> {
            Optional<DnsAttack> asked = about(query);
            if (asked.isPresent()) {
                INSTEAD.getOrDefault(asked.get().name(), asked.get()).talk().answer(query, line);
            } else {
                DnsAttack.honest(Map.of()).answer(query, line);
            }
        });
        server = Server.in(folder).set("dns.servers", "127.0.0.1:" + dns.address().getPort())
                .set("listener.smtp.dns.time", Long.toString(DNS_TIME.toSeconds())).set("dmarc.policy", "apply")
                .set("dns.cache.ttl.max", "3").set("dns.cache.negative.ttl.max", "3")
                .set("listener.smtp.max.connections.per.client", "500").start();
        StringBuilder directory = new StringBuilder("domain demo.test\npostmaster calm@demo.test\n");
        everybody().forEach(one -> directory.append("account ").append(one.name()).append("@demo.test\n"));
        Files.writeString(server.conf().resolve("directory.txt"), directory);
        await().atMost(Duration.ofSeconds(20)).until(() -> send(calm, "127.0.0.3").reply().startsWith("250"));
        attackAll();
        beHonest();
        System.out.printf(Locale.ROOT,
                "HostileDnsIT: %d attacks at once, longest wait for a reply %d ms, most questions %d; "
                        + "the calm one: %d messages, longest wait %d ms%n",
                attacks.size(), longest(ATTACKED.values()),
                Collections.max(ASKED.values()), CALM.size(), longest(CALM));
    }

    private static long longest(Collection<Report> reports) {
        return reports.stream().mapToLong(report -> report.longest().toMillis()).max().orElseThrow();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (dns != null) {
            dns.close();
        }
    }

    static List<DnsAttack> attacks() {
        return attacks;
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void no_reply_comes_later_than_DNS_may_take(DnsAttack attack) {
        Report report = ATTACKED.get(attack);
        assertThat(report.longest()).as(report.slowest()).isLessThan(DNS_TIME.plus(SLACK));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void nothing_passes_that_it_was_needed_for(DnsAttack attack) {
        assertThat(ATTACKED.get(attack).passed()).doesNotContainAnyElementsOf(attack.unproven());
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void nothing_is_refused_for_good(DnsAttack attack) {
        assertThat(ATTACKED.get(attack).reply()).matches("(250|4[0-9][0-9]) .*");
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void it_is_not_asked_more_than_a_message_may_cost(DnsAttack attack) {
        assertThat(ASKED.getOrDefault(attack.name(), 0L)).isBetween(1L, (long) QUESTIONS);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void all_that_was_hidden_passes_soon_after_it_is_told(DnsAttack attack) {
        Set<String> expected = attack.author().equals(attack.domain())
                ? DnsAttack.ALL
                : Set.of("spf", "dkim", "arc");
        assertThat(QUESTIONED.get(attack).passed()).isEqualTo(expected);
    }

    @Test
    void who_sends_at_the_same_time_is_served_as_ever() {
        assertThat(CALM).hasSizeGreaterThan(3).allSatisfy(report -> {
            assertThat(report.reply()).startsWith("250");
            assertThat(report.longest()).as(report.slowest()).isLessThan(DNS_TIME);
            assertThat(report.passed()).isEqualTo(DnsAttack.ALL);
        });
    }

    private static void attackAll() throws Exception {
        dns.asked().clear();
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> other = threads.submit(() -> {
                while (!over.get()) {
                    CALM.add(send(calm, "127.0.0.3"));
                }
                return null;
            });
            ATTACKED.putAll(sendAll(threads));
            over.set(true);
            other.get();
        }
        for (String question : dns.asked()) {
            String name = question.split(" ")[1];
            attacks.stream().filter(one -> isAbout(one, name))
                    .forEach(one -> ASKED.merge(one.name(), 1L, Long::sum));
        }
    }

    private static void beHonest() throws Exception {
        for (DnsAttack attack : attacks) {
            INSTEAD.put(attack.name(), DnsAttack.none(attack.name(), mail.publicKey()));
        }
        // as long as a lie, or that there was no answer, may be remembered
        Thread.sleep(Duration.ofSeconds(6));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            QUESTIONED.putAll(sendAll(threads));
        }
    }

    private static Map<DnsAttack, Report> sendAll(ExecutorService threads) throws Exception {
        Map<DnsAttack, Future<Report>> sent = new HashMap<>();
        for (DnsAttack attack : attacks) {
            sent.put(attack, threads.submit(() -> send(attack, "127.0.0.2")));
        }
        Map<DnsAttack, Report> reports = new HashMap<>();
        for (Map.Entry<DnsAttack, Future<Report>> one : sent.entrySet()) {
            reports.put(one.getKey(), one.getValue().get());
        }
        return reports;
    }

    private static Report send(DnsAttack attack, String client) throws Exception {
        String recipient = attack.name() + "@demo.test";
        Set<Path> before = Set.copyOf(server.mailbox(recipient));
        Steps steps = new Steps();
        String reply;
        try (Client session = steps.timed("connect", () -> new Client(server.port(), client))) {
            steps.say(session, "EHLO mx." + attack.domain());
            steps.say(session, "MAIL FROM:<me@" + attack.domain() + ">");
            reply = steps.say(session, "RCPT TO:<" + recipient + ">");
            if (reply.startsWith("250")) {
                steps.say(session, "DATA");
                reply = steps.say(session,
                        mail.from("me@" + attack.author(), recipient, attack.domain()) + "\r\n.");
            }
        }
        Set<String> passed = new TreeSet<>();
        if (reply.startsWith("250")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> server.mailbox(recipient).size() > before.size());
            Path fresh = server.mailbox(recipient).stream().filter(file -> !before.contains(file)).findFirst()
                    .orElseThrow();
            passed.addAll(passed(Files.readString(fresh, ISO_8859_1)));
        }
        return new Report(reply, steps.slowest, steps.longest, passed);
    }

    /** What the field in the server's own name says. */
    private static Set<String> passed(String message) {
        String header = message.substring(0,
                message.indexOf("\n\n") < 0 ? message.indexOf("\r\n\r\n") : message.indexOf("\n\n"));
        String unfolded = header.replaceAll("\r?\n[ \t]+", " ");
        return Stream.of(unfolded.split("\r?\n")).filter(field -> field.startsWith("Authentication-Results: localhost"))
                .flatMap(field -> PASS.matcher(field.replaceAll("\"[^\"]*\"|\\([^)]*\\)", "")).results())
                .map(MatchResult::group).map(found -> found.substring(0, found.indexOf('=')))
                .collect(Collectors.toSet());
    }

    private static Optional<DnsAttack> about(Message query) {
        String name = query.getQuestion().getName().toString();
        return everybody().filter(one -> isAbout(one, name)).findFirst();
    }

    private static boolean isAbout(DnsAttack attack, String name) {
        String asked = name.toLowerCase(Locale.ROOT);
        return Stream.of(attack.domain(), attack.author().endsWith(".a") ? "a" : attack.author())
                .anyMatch(own -> asked.endsWith("." + own + ".") || asked.equals(own + "."));
    }

    private static Stream<DnsAttack> everybody() {
        return Stream.concat(attacks.stream(), Stream.of(calm));
    }

    /** How long the replies of one session took. */
    private static final class Steps {

        private String slowest = "";
        private Duration longest = Duration.ZERO;

        private interface Step<T> {
            T go() throws IOException;
        }

        <T> T timed(String name, Step<T> step) throws IOException {
            long began = System.nanoTime();
            T result = step.go();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            if (took.compareTo(longest) > 0) {
                longest = took;
                slowest = name;
            }
            return result;
        }

        String say(Client session, String command) throws IOException {
            return timed(command.substring(0, Math.min(command.length(), 40)), () -> session.say(command));
        }
    }
}
