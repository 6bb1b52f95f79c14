package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.staffetta.itests.Swaps.Swap;

/** The server's own bundles, stopped and started, and each replaced by another version of itself. */
final class SwapBundles {

    private static final Pattern LINE = Pattern
            .compile("(?m)^ *(\\d+)\\|(\\w+) *\\|.*\\|([\\w.]+) \\([^)]*\\)\\|(\\S+)");

    private final Server server;
    private final Path workshop;

    SwapBundles(Server server, Path workshop) {
        this.server = server;
        this.workshop = workshop;
    }

    /** A bundle as the framework knows it. */
    private record Known(String id, String state, String name, String version) {

        boolean isGone() {
            return !List.of("Active", "Starting", "Stopping").contains(state);
        }
    }

    /** Of what transactions and deliveries lease. */
    Swap restart(String name) {
        return new Swap("stop, start: " + name, _ -> {
            String id = running(name).getFirst().id();
            return () -> {
                Swaps.ask(server, "felix:stop", id);
                Swaps.ask(server, "felix:start", id);
            };
        });
    }

    /** Done when the version before has ended what it had begun. */
    Swap update(String name) {
        return update(name, jar -> Swaps.ask(server, "plugin", "update", jar.toString()));
    }

    /** By the folder and not by a command: of the one that answers commands. */
    Swap copy(String name) {
        return update(name, jar -> Jars.move(jar, server.data().resolve("deploy").resolve(jar.getFileName())));
    }

    private interface Means {
        void bring(Path jar) throws IOException;
    }

    private Swap update(String name, Means means) {
        return new Swap("new version: " + name, round -> {
            String version = "0.2." + round;
            Path jar = Jars.again(workshop.resolve("org.staffetta." + name + ".jar"), shipped(name), version);
            return () -> {
                means.bring(jar);
                Swaps.patiently().untilAsserted(() -> assertThat(running(name)).extracting(Known::version)
                        .containsExactly(version));
            };
        });
    }

    private List<Known> running(String name) {
        String symbolicName = "org.staffetta." + name;
        return LINE.matcher(Swaps.ask(server, "felix:lb", "-s", symbolicName)).results().map(SwapBundles::known)
                .filter(bundle -> bundle.name().equals(symbolicName) && !bundle.isGone()).toList();
    }

    private static Known known(MatchResult line) {
        return new Known(line.group(1), line.group(2), line.group(3), line.group(4));
    }

    private static Path shipped(String name) throws IOException {
        try (Stream<Path> jars = Files.list(Server.HOME.resolve("bundles"))) {
            List<Path> own = jars.filter(
                    jar -> jar.getFileName().toString()
                            .matches("org\\.staffetta\\." + Pattern.quote(name) + "-\\d.*\\.jar"))
                    .toList();
            assertThat(own).as(name).hasSize(1);
            return own.getFirst();
        }
    }
}
