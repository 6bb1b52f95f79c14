package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that others wrote. What is not installed is left out, and the report says so. */
final class Programs {

    private Programs() {}

    /** Has the test left out where there is no such program, else says where it is. */
    static Path require(String name) {
        // resolved against a folder, an absolute path stays what it is
        Optional<Path> found = Stream.of((System.getenv("PATH") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder).resolve(name)).filter(Files::isExecutable).findFirst();
        assumeTrue(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    /** Some servers change their user, which only root may. */
    static void requireRoot() {
        assumeTrue(System.getProperty("user.name").equals("root"), "that needs root");
    }

    /** Runs a program to its end; it must find that all is well. What it printed. */
    static String run(String... command) throws IOException, InterruptedException {
        require(command[0]);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
