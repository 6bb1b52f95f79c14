package org.staffetta.installer;

import java.io.IOException;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps in Configuration Admin what the features' configurations say. */
final class Configurations {
    private static final Logger LOG = LoggerFactory.getLogger(Configurations.class);

    private final ConfigurationAdmin admin;
    private final Map<String, Set<String>> pidsByFile = new HashMap<>();

    Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    synchronized void put(Feature feature) {
        feature.configurations().forEach((pid, values) -> update(feature.file(), pid, values));
        Set<String> before = pidsByFile.put(feature.file(), feature.configurations().keySet());
        if (before != null) {
            before.stream().filter(pid -> !feature.configurations().containsKey(pid)).forEach(this::delete);
        }
    }

    synchronized void remove(String file) {
        Set<String> before = pidsByFile.remove(file);
        if (before != null) {
            before.forEach(this::delete);
        }
    }

    private void update(String file, String pid, Map<String, Object> values) {
        try {
            configuration(pid).updateIfDifferent(new Hashtable<>(values));
        } catch (IOException e) {
            LOG.warn("{}: the configuration {} cannot be stored: {}", file, pid, e.getMessage());
        }
    }

    private void delete(String pid) {
        try {
            configuration(pid).delete();
        } catch (IOException e) {
            LOG.warn("The configuration {} cannot be deleted: {}", pid, e.getMessage());
        }
    }

    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        return tilde < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }
}
