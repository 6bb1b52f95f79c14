package org.staffetta.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.smtp.client.Protocol;

/** Against a server that we did not write: Postfix's smtp-sink, where it is installed. */
@Timeout(120)
class SinkTest extends RelayFixture {

    private static final Path SINK = Stream.of("/usr/sbin/smtp-sink", "/usr/bin/smtp-sink", "/usr/local/sbin/smtp-sink")
            .map(Path::of).filter(Files::isExecutable).findFirst().orElse(Path.of(""));

    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void keepConnections() {
        assumeTrue(Files.isExecutable(SINK), "smtp-sink is not installed");
        relay.change(caching(100, Duration.ofSeconds(5)));
    }

    @AfterEach
    void stopSink() throws InterruptedException {
        for (Process sink : started) {
            sink.destroy();
            sink.waitFor();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-e", "-p", "-8", "-F"})
    void each_kind_of_server_takes_a_message(String option) throws Exception {
        String hop = sink(option);

        assertThat(deliver(Letter.to(hop, "a@to.test", "b@to.test"))).hasSize(2)
                .allMatch(line -> line.contains(" Delivered 250"));
    }

    @Test
    void lmtp_is_spoken_as_postfix_speaks_it() throws Exception {
        relay = relay(Protocol.LMTP, defaults);
        String hop = sink("-L");

        assertThat(deliver(Letter.to(hop, "a@to.test", "b@to.test"))).hasSize(2)
                .allMatch(line -> line.contains(" Delivered 250"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail", "rcpt", "data", "."})
    void what_it_refuses_is_what_we_tell(String command) throws Exception {
        assertThat(deliver(Letter.to(sink("-f", command), "a@to.test")).toString()).contains(" Failed 5");
        assertThat(deliver(Letter.to(sink("-r", command), "a@to.test")).toString()).contains(" Deferred 4");
    }

    @Test
    void many_messages_go_over_few_connections() throws Exception {
        int messages = Integer.getInteger("staffetta.bench.messages", 400);
        String hop = sink("-c");
        Letter letter = Letter.to(hop, "a@to.test")
                .saying("Subject: bench\r\n\r\n" + ("x".repeat(62) + "\r\n").repeat(64));
        long begin = System.nanoTime();
        try (ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Long>> lanes = new ArrayList<>();
            for (int lane = 0; lane < 20; lane++) {
                lanes.add(() -> deliverMany(letter, messages / 20));
            }
            for (Future<Long> lane : deliveries.invokeAll(lanes)) {
                assertThat(lane.get()).isEqualTo(messages / 20);
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf("%d messages of 4 KB, 20 at a time: %.0f/s%n", messages, messages / seconds);
    }

    private long deliverMany(Letter letter, int times) throws InterruptedException {
        long delivered = 0;
        for (int i = 0; i < times; i++) {
            Map<?, Outcome> outcomes = Map.copyOf(relay.deliver(letter));
            delivered += outcomes.values().stream().filter(Outcome.Delivered.class::isInstance).count();
        }
        return delivered;
    }

    private String sink(String... options) throws IOException {
        int port;
        try (ServerSocket any = new ServerSocket(0)) {
            port = any.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(SINK.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        Stream.of(options).filter(option -> !option.isEmpty()).forEach(command::add);
        command.addAll(List.of("127.0.0.1:" + port, "100"));
        started.add(
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
        await().until(() -> isListening(port));
        return "[127.0.0.1]:" + port;
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
