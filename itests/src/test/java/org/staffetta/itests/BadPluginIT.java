package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.itests.bad.Throwing;
import org.staffetta.itests.failing.Unstartable;

/** Plug-ins from {@code deploy/} that misbehave: their own mail waits, everybody else's goes on. */
class BadPluginIT {

    private static final List<String> BAD = List.of("throwing", "sleeping", "spinning", "silent", "quitting", "locked",
            "unstartable");
    private static final int AT_ONCE = 4;
    private static final int MESSAGES = 200;

    @TempDir
    private Path folder;

    @Test
    void each_gets_451_for_its_own_and_the_others_go_on() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Jars.deploy(deploy, "bad", "1.0.0", Throwing.class);
        Jars.deploy(deploy, "failing", "1.0.0", Unstartable.class);
        Server.Builder builder = Server.in(folder).set("plugins.deadline.filter", "1")
                .set("plugin.throwing.isolation", "inline");
        for (String name : BAD) {
            builder.set("listener." + name + ".port", "0").set("listener." + name + ".filters", name)
                    .set("listener." + name + ".wait.for.plugin", "1");
        }
        try (Server server = builder.start()) {
            send(server, MESSAGES);
            Duration alone = send(server, MESSAGES);
            CountDownLatch tried = new CountDownLatch(BAD.size() * AT_ONCE);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < BAD.size() * AT_ONCE; i++) {
                    String name = BAD.get(i % BAD.size());
                    threads.execute(() -> {
                        assertThat(mail(server, name)).as(name).startsWith("4");
                        tried.countDown();
                    });
                }
                Duration beside = send(server, MESSAGES);
                System.out.printf("%d messages: %d ms alone, %d ms beside bad plug-ins%n", MESSAGES, alone.toMillis(),
                        beside.toMillis());
                assertThat(beside).as("time for %d messages beside bad plug-ins", MESSAGES)
                        .isLessThan(alone.multipliedBy(3).plusSeconds(2));
            }
            assertThat(server.command("plugins").output()).containsPattern("throwing .* inline ")
                    .containsPattern("spinning .* isolated ").doesNotContainPattern("filter +unstartable");
            assertThat(server.command("plugin").output()).containsPattern("failing.jar .*no licence found");
            assertThat(tried.getCount()).as("answers that were not 4yz").isZero();
            assertThat(send(server, MESSAGES)).as("afterwards").isLessThan(alone.multipliedBy(2).plusSeconds(1));
        }
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

    private static String mail(Server server, String listener) {
        String address = server.ready("listener." + listener);
        try (Client client = new Client(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))) {
            if (!client.greeting().startsWith("220")) {
                return client.greeting();
            }
            client.say("EHLO me.test");
            return client.send("someone@elsewhere.test", "alice@demo.test", "Subject: x\r\n\r\nx");
        } catch (IOException e) {
            return e.toString();
        }
    }
}
