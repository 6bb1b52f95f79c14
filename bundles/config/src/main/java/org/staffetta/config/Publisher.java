package org.staffetta.config;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.staffetta.config.Plan.Target;

/** Brings Configuration Admin in line with a plan, and touches only what differs. */
final class Publisher {

    /** The property of configurations that come from the files. */
    static final String MARK = "staffetta.config";

    // "?": any bundle may be given the configuration (OSGi Compendium 104.4.1), also the one that is installed beside the old one
    private static final String ANY_BUNDLE = "?";

    private final ConfigurationAdmin admin;

    Publisher(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /**
     * Publishes what a plan has changed. What it has not is left alone: if somebody else has just changed it, his event is on its way, and what he
     * did is not undone before it was looked at.
     *
     * @return how many configurations were changed
     */
    int publish(Plan before, Plan plan, Schema schema) throws IOException {
        int changes = 0;
        for (Target target : plan.targets().values()) {
            Target old = before.targets().get(target.pid());
            boolean planned = old == null || !same(old.values(), target.values());
            changes += planned && publish(target) ? 1 : 0;
        }
        for (Configuration configuration : all()) {
            if (isAbandoned(configuration, plan, schema)) {
                configuration.delete();
                changes++;
            }
        }
        return changes;
    }

    /** Publishes one configuration unless it is as planned; returns whether it was not. */
    boolean publish(Target target) throws IOException {
        Kind kind = target.kind();
        Configuration configuration = kind.factory()
                ? admin.getFactoryConfiguration(kind.pid(), target.instance(), ANY_BUNDLE)
                : admin.getConfiguration(kind.pid(), ANY_BUNDLE);
        Dictionary<String, Object> wanted = new Hashtable<>(target.values());
        wanted.put(MARK, "true");
        if (same(values(configuration.getProperties()), values(wanted))) {
            return false;
        }
        configuration.update(wanted);
        return true;
    }

    /** Deletes the configuration of a PID that is in no plan; a file of File Install's stays what it is. */
    void withdraw(String pid) throws IOException {
        Optional<Configuration> stray = find(pid).filter(c -> !isFileInstalls(c));
        if (stray.isPresent()) {
            stray.get().delete();
        }
    }

    /** Whether File Install keeps a configuration in a file of its own. */
    static boolean isFileInstalls(Configuration configuration) {
        Dictionary<String, Object> properties = configuration.getProperties();
        return properties != null && properties.get("felix.fileinstall.filename") != null;
    }

    /** The configuration of a PID, without making one. */
    Optional<Configuration> find(String pid) throws IOException {
        return all().stream().filter(c -> c.getPid().equals(pid)).findFirst();
    }

    // While the bundle that declares a kind is away (it is being replaced), its configuration waits for it.
    private static boolean isAbandoned(Configuration configuration, Plan plan, Schema schema) {
        String factory = configuration.getFactoryPid();
        Dictionary<String, Object> properties = configuration.getProperties();
        return properties != null && properties.get(MARK) != null && !plan.targets().containsKey(configuration.getPid())
                && schema.ofPid(factory == null ? configuration.getPid() : factory).isPresent();
    }

    private List<Configuration> all() throws IOException {
        try {
            Configuration[] found = admin.listConfigurations("(service.pid=" + MetatypeReader.NAMESPACE + "*)");
            return found == null ? List.of() : Arrays.asList(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a constant filter is right", e);
        }
    }

    private static Map<String, Object> values(@Nullable Dictionary<String, Object> properties) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (properties != null) {
            Collections.list(properties.keys()).stream().filter(key -> !key.startsWith("service."))
                    .forEach(key -> values.put(key, properties.get(key)));
        }
        return values;
    }

    private static boolean same(Map<String, Object> one, Map<String, Object> other) {
        return one.keySet().equals(other.keySet()) && one.entrySet().stream().allMatch(
                e -> Arrays.deepEquals(new Object[]{e.getValue()}, new Object[]{other.get(e.getKey())}));
    }
}
