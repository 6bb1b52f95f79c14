package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server of the assembled distribution, in a process of its own. */
final class Server implements AutoCloseable {

    static final Path HOME = Path.of(System.getProperty("staffetta.home"));
    private static final int SECONDS_TO_START = 60;

    private final Path conf;
    private final Path data;
    private final List<String> settings;
    private final String javaOptions;
    private final Map<String, String> ready = new HashMap<>();
    private final StringBuffer output = new StringBuffer();
    private Process process;

    private Server(Builder builder) throws IOException {
        conf = builder.folder.resolve("conf");
        data = builder.folder.resolve("data");
        settings = builder.settings;
        javaOptions = builder.javaOptions;
        process = launch();
    }

    /** Prepares a server that keeps everything in the given folder; its configuration is a copy of the shipped one. */
    static Builder in(Path folder) throws IOException {
        return new Builder(folder);
    }

    /** The port of the listener named {@code smtp}. */
    int port() {
        return port("smtp");
    }

    /** The port of another listener. */
    int port(String listener) {
        String address = ready.getOrDefault("listener." + listener, "no such listener:0");
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** What the server said of itself when it was ready, e.g. {@code console}. */
    String ready(String key) {
        return ready.getOrDefault(key, "");
    }

    Path conf() {
        return conf;
    }

    Path data() {
        return data;
    }

    /** All that was printed so far. */
    String output() {
        return output.toString();
    }

    long pid() {
        return process.pid();
    }

    /** The messages in an account's Maildir, as files. */
    List<Path> mailbox(String account) {
        String[] parts = account.split("@", 2);
        Path fresh = data.resolve("mailboxes").resolve(parts[1]).resolve(parts[0]).resolve("new");
        if (!Files.isDirectory(fresh)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(fresh)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a one-shot command against this server: exit status and output. */
    Result command(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("bin/staffetta").toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("STAFFETTA_DATA", data.toString());
        Process oneShot = builder.start();
        String text = new String(oneShot.getInputStream().readAllBytes(), UTF_8);
        return new Result(oneShot.waitFor(), text);
    }

    record Result(int status, String output) {}

    /** As {@link #command}, but without a process of its own for the client: for those who ask often while something is measured. */
    Result ask(String... arguments) {
        List<String> line = new ArrayList<>(List.of(data.toString()));
        line.addAll(List.of(arguments));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int status = new org.staffetta.shell.client.Client(InputStream.nullInputStream(), text, text)
                .run(line.toArray(String[]::new));
        return new Result(status, text.toString(UTF_8));
    }

    /** The power is cut as far as a process can tell: SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends in good order: SIGTERM; the exit status. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("the server did not stop within 60 s:\n" + output);
        }
        return process.exitValue();
    }

    /** Starts again on the same data, after {@link #kill} or {@link #stop}. */
    void restart() throws IOException {
        process = launch();
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                stop();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Process launch() throws IOException {
        List<String> line = new ArrayList<>(List.of(HOME.resolve("bin/staffetta").toString(), "run", "--data",
                data.toString(), "--conf", conf.toString(),
                "--set", "listener.smtp.port=0", "--set", "console.port=0"));
        settings.forEach(setting -> line.addAll(List.of("--set", setting)));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        if (!javaOptions.isEmpty()) {
            builder.environment().put("STAFFETTA_JAVA_OPTS", javaOptions);
        }
        Process started = builder.start();
        CountDownLatch isReady = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> follow(started.getInputStream(), isReady));
        awaitReady(started, isReady);
        return started;
    }

    private void awaitReady(Process started, CountDownLatch isReady) throws IOException {
        try {
            if (!isReady.await(SECONDS_TO_START, TimeUnit.SECONDS) || !ready.containsKey("listener.smtp")) {
                started.destroyForcibly();
                throw new IOException("the server did not get ready:\n" + output);
            }
        } catch (InterruptedException e) {
            started.destroyForcibly();
            throw new IOException(e);
        }
    }

    private void follow(InputStream stream, CountDownLatch isReady) {
        try (InputStream in = new BufferedInputStream(stream)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    take(line.toString(UTF_8), isReady);
                    line.reset();
                } else {
                    line.write(c);
                }
            }
        } catch (IOException gone) {
            // the process is over, and with it what it had to say
        } finally {
            isReady.countDown();
        }
    }

    private void take(String line, CountDownLatch isReady) {
        output.append(line).append('\n');
        if (line.startsWith("ready:")) {
            for (String pair : line.substring("ready:".length()).trim().split(" +")) {
                int equals = pair.indexOf('=');
                ready.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
            isReady.countDown();
        }
    }

    /** What a server is to be started with. */
    static final class Builder {
        private final Path folder;
        private final List<String> settings = new ArrayList<>();
        private String javaOptions = "";

        private Builder(Path folder) throws IOException {
            this.folder = folder;
            Path conf = Files.createDirectories(folder.resolve("conf"));
            try (Stream<Path> shipped = Files.list(HOME.resolve("conf"))) {
                for (Path file : shipped.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, conf.resolve(file.getFileName().toString()));
                }
            }
        }

        Builder set(String key, String value) {
            settings.add(key + "=" + value);
            return this;
        }

        Builder java(String options) {
            javaOptions = options;
            return this;
        }

        /** Replaces a file of the configuration. */
        Builder file(String name, String content) throws IOException {
            Files.writeString(folder.resolve("conf").resolve(name), content);
            return this;
        }

        /** Starts an optional feature as well. */
        Builder feature(String name) throws IOException {
            String file = name + ".json";
            Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
            Files.copy(HOME.resolve("features/optional").resolve(file), deploy.resolve(file));
            return this;
        }

        Server start() throws IOException {
            return new Server(this);
        }
    }
}
