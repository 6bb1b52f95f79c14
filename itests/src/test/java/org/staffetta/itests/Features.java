package org.staffetta.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the feature files of the distribution say should run. */
final class Features {

    // "id": "group:artifact:version"
    private static final Pattern BUNDLE = Pattern.compile("\"id\"\\s*:\\s*\"[^:\"]+:([^:\"]+):([^:\"]+)\"");

    private final Path home;

    Features(Path home) {
        this.home = home;
    }

    /** The jars that make the container itself. */
    List<Path> boot() throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("bundles/boot"))) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        }
    }

    /** The jars that a feature names, in its order. */
    List<Path> bundles(String feature) throws IOException {
        String text = Files.readString(home.resolve("features").resolve(feature + ".json"));
        Matcher matcher = BUNDLE.matcher(text.substring(text.indexOf("\"bundles\"")));
        List<Path> jars = new ArrayList<>();
        while (matcher.find()) {
            jars.add(home.resolve("bundles").resolve(matcher.group(1) + "-" + matcher.group(2) + ".jar"));
        }
        return jars;
    }
}
