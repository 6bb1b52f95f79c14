package org.staffetta.installer;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureConfiguration;
import org.osgi.service.feature.FeatureService;
import org.osgi.service.feature.ID;
import org.staffetta.installer.Feature.Part;

/** Reads feature files. */
final class FeatureReader {
    private static final String START_ORDER = "start-order";
    private static final int DEFAULT_START_LEVEL = 3;
    private static final int HIGHEST_START_LEVEL = 20; // where the framework goes, see conf/container.properties

    private final FeatureService service;

    FeatureReader(FeatureService service) {
        this.service = service;
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read or is no feature; the message names the file and says what is wrong
     */
    Feature read(Path path) throws IOException {
        String file = String.valueOf(path.getFileName());
        try (Reader reader = Files.newBufferedReader(path)) {
            return feature(file, service.readFeature(reader));
        } catch (IOException | RuntimeException e) {
            // the JSON parser's own exceptions are unchecked, and name line and column
            throw new IOException(path + " is not a feature file: " + e.getMessage(), e);
        }
    }

    private static Feature feature(String file, org.osgi.service.feature.Feature feature) {
        List<Part> parts = new ArrayList<>();
        for (FeatureBundle bundle : feature.getBundles()) {
            parts.add(part(bundle));
        }
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        for (FeatureConfiguration configuration : feature.getConfigurations().values()) {
            configurations.put(configuration.getPid(), configuration.getValues());
        }
        if (parts.isEmpty() && configurations.isEmpty()) {
            throw new IllegalArgumentException(
                    "it has neither \"bundles\" (objects with an \"id\") nor \"configurations\"");
        }
        return new Feature(file, parts, configurations);
    }

    private static Part part(FeatureBundle bundle) {
        ID id = bundle.getID();
        String classifier = id.getClassifier().map(c -> "-" + c).orElse("");
        String jar = id.getArtifactId() + "-" + id.getVersion() + classifier + ".jar";
        if (jar.indexOf('/') >= 0 || jar.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("\"" + id + "\" is not the id of an artifact");
        }
        return new Part(jar, startLevel(id, bundle.getMetadata().get(START_ORDER)));
    }

    private static int startLevel(ID id, @Nullable Object order) {
        if (order == null) {
            return DEFAULT_START_LEVEL;
        }
        String text = order.toString();
        int level = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (level < 1 || level > HIGHEST_START_LEVEL) {
            throw new IllegalArgumentException(
                    "the " + START_ORDER + " of " + id + " is 1 to " + HIGHEST_START_LEVEL + ", not " + text);
        }
        return level;
    }
}
