package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.bad.Throwing;
import org.staffetta.itests.failing.Unstartable;
import org.staffetta.itests.hung.HungSpool;
import org.staffetta.itests.plugin.SubjectFilter;

/** Plug-ins from {@code deploy/} that misbehave: their own mail waits, everybody else's goes on. */
class BadPluginIT {

    private static final List<String> BAD = List.of("throwing", "sleeping", "spinning", "recursing", "computing",
            "allocating", "greedy", "silent", "quitting", "locked", "deadlocked", "unstartable", "newer");
    // what the policy of the filter says, whatever it did; without a filter that is wanted nobody is even greeted
    private static final String NOT_NOW = "451 4.7.1 ";
    private static final String NOT_THERE = "421 4.3.2 there is no filter ";
    private static final int AT_ONCE = 4;
    private static final int FAILURES = 5;
    private static final int MESSAGES = 200;
    // it waits for its deadline, or for a plug-in that does not come, each for a second; then for its turn on a busy machine
    private static final Duration ANSWER = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private record Answer(String text, Duration time) {}

    @Test
    void each_gets_451_for_its_own_and_the_others_go_on() throws Exception {
        try (Server server = server()) {
            send(server, MESSAGES);
            Duration alone = send(server, MESSAGES);
            Map<String, List<Future<Answer>>> asked = new LinkedHashMap<>();
            Duration beside;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (String name : BAD) {
                    asked.put(name, IntStream.range(0, AT_ONCE)
                            .mapToObj(i -> threads.submit(() -> mail(server, name))).toList());
                }
                beside = send(server, MESSAGES);
            }
            System.out.printf("%d messages: %d ms alone, %d ms beside bad plug-ins%n", MESSAGES, alone.toMillis(),
                    beside.toMillis());
            for (String name : BAD) {
                judge(name, asked.get(name).stream().map(Future::resultNow).toList());
            }
            assertThat(beside).as("time for %d messages beside bad plug-ins", MESSAGES)
                    .isLessThan(alone.multipliedBy(3).plusSeconds(2));
            assertThat(mail(server, "open").text()).as("a filter that throws, and is to be skipped if it does")
                    .startsWith("250 ");
            judgeWhatIsTold(server);
            assertThat(send(server, MESSAGES)).as("afterwards").isLessThan(alone.multipliedBy(2).plusSeconds(1));
        }
    }

    @Test
    void a_spool_that_hangs_gets_451_for_what_is_to_go_there_and_the_other_takes_mail() throws Exception {
        Jars.deploy(Files.createDirectories(folder.resolve("data/deploy")), "hung", "1.0.0", HungSpool.class);
        try (Server server = Server.in(folder).set("plugins.deadline.store", "1").set("listener.hung.port", "0")
                .set("listener.hung.spool", "hung").start();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> asked = IntStream.range(0, FAILURES)
                    .mapToObj(i -> threads.submit(() -> mail(server, "hung"))).toList();
            send(server, MESSAGES);
            for (Future<Answer> answer : asked) {
                assertThat(answer.get().text()).startsWith("451 4.3.0 ");
                assertThat(answer.get().time()).isLessThan(ANSWER);
            }
            assertThat(mail(server, "hung").text()).as("once it is left alone").startsWith("451 4.3.0 ");
            assertThat(server.command("status").output())
                    .contains("spool hung is left alone after failures (breaker open)").doesNotContain("do not end");
            send(server, MESSAGES);
        }
    }

    private Server server() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "bad", "1.0.0", Throwing.class);
        Jars.deploy(deploy, "failing", "1.0.0", Unstartable.class);
        Jars.deploy(deploy, "newer", "1.0.0", SubjectFilter.class, "org.staffetta.api.filter;version=\"[99,100)\", *");
        Server.Builder builder = Server.in(folder).set("plugins.deadline.filter", "1")
                .set("plugin.throwing.isolation", "inline").set("filter.open.failure", "open")
                .set("listener.open.port", "0").set("listener.open.filters", "open");
        for (String name : BAD) {
            builder.set("listener." + name + ".port", "0").set("listener." + name + ".filters", name)
                    .set("listener." + name + ".wait.for.plugin", "1");
        }
        return builder.start();
    }

    private static void judge(String name, List<Answer> answers) {
        List<String> texts = answers.stream().map(Answer::text).toList();
        assertThat(answers).as(name).extracting(Answer::time).allMatch(time -> time.compareTo(ANSWER) < 0);
        switch (name) {
            // the one that is ended first lets go of what the other waits for
            case "locked" -> assertThat(texts).as(name).anyMatch(text -> text.startsWith(NOT_NOW))
                    .allMatch(text -> text.startsWith(NOT_NOW) || text.startsWith("250 "));
            case "unstartable", "newer" -> assertThat(texts).as(name).allMatch(text -> text.startsWith(NOT_THERE));
            default -> assertThat(texts).as(name).allMatch(text -> text.startsWith(NOT_NOW));
        }
    }

    private static void judgeWhatIsTold(Server server) throws Exception {
        assertThat(server.command("plugins").output()).containsPattern("throwing .* inline ")
                .containsPattern("spinning .* isolated ").doesNotContainPattern("filter +unstartable");
        assertThat(server.command("plugin").output()).containsPattern("failing.jar .*no licence found")
                .containsPattern("newer.jar .*needs org.staffetta.api.filter \\[99\\.0,100\\), the server offers");
        // two wait for each other's monitor, which nothing ends; of all others no thread is left
        await().atMost(ANSWER).untilAsserted(() -> assertThat(server.command("status").output())
                .contains("filter spinning is left alone after failures")
                .containsPattern("filter deadlocked .*threads that do not end: [1-4]")
                .doesNotContainPattern("filter (sleeping|spinning|recursing|allocating|greedy|locked) .*do not end"));
    }

    private static Duration send(Server server, int messages) throws IOException {
        long start = System.nanoTime();
        try (Client client = new Client(server.port())) {
            client.say("EHLO me.test");
            for (int i = 0; i < messages; i++) {
                assertThat(client.send("someone@elsewhere.test", "alice@demo.test", "Subject: x\r\n\r\nx"))
                        .startsWith("250");
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Answer mail(Server server, String listener) throws IOException {
        long start = System.nanoTime();
        try (Client client = new Client(server.port(listener))) {
            String text = client.greeting();
            if (text.startsWith("220")) {
                client.say("EHLO me.test");
                text = client.send("someone@elsewhere.test", "alice@demo.test", "Subject: x\r\n\r\nx");
            }
            return new Answer(text, Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
