package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.staffetta.api.deploy.Deployment;

/** The page on how bundles are replaced says of each what its manifest says. */
class BundlesPageIT {

    private static final Path PAGE = Server.HOME.resolve("../../../bundles/deploy/README.md").normalize();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(org\\.staffetta\\.[\\w.]+)` \\| (\\w+) \\|");

    @Test
    void those_that_are_not_replaced_beside_the_old_version_are_named_with_how_they_are() throws IOException {
        Map<String, String> page = ROW.matcher(Files.readString(PAGE)).results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));
        assertThat(page).as("rows of the table in %s", PAGE).isEqualTo(manifests());
    }

    private static Map<String, String> manifests() throws IOException {
        Map<String, String> manifests = new TreeMap<>();
        for (Path jar : jars()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                String update = file.getManifest().getMainAttributes().getValue(Deployment.UPDATE);
                if (update != null) {
                    manifests.put(
                            Objects.requireNonNull(
                                    file.getManifest().getMainAttributes().getValue("Bundle-SymbolicName")),
                            update);
                }
            }
        }
        return manifests;
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.walk(Server.HOME)) {
            return files.filter(file -> file.getFileName().toString().matches("org\\.staffetta\\..*\\.jar")).toList();
        }
    }
}
