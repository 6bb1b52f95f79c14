package org.staffetta.filter.dkim;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A key as a component: one for each configuration of the factory. */
@Component(service = DkimKey.class, configurationPid = "org.staffetta.dkim.key", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = KeyConfig.class, factory = true)
public final class DkimKey {

    private static final Logger LOG = LoggerFactory.getLogger(DkimKey.class);

    private final String name;
    private final Path conf;
    private volatile Optional<DomainKey> key = Optional.empty();
    private volatile String problem = "";

    /** Begins with this key, or, if a setting is wrong in a way that its type does not tell, without one: the list of keys says why. */
    @Activate
    public DkimKey(BundleContext context, KeyConfig config, Map<String, Object> properties) {
        this(name(String.valueOf(properties.get("service.pid"))), folder(context), config);
    }

    DkimKey(String name, Path conf, KeyConfig config) {
        this.name = name;
        this.conf = conf;
        change(config);
    }

    @Modified
    final void change(KeyConfig config) {
        try {
            key = Optional.of(DomainKey.of(name, config, conf));
            problem = "";
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
            LOG.error("{}{}", problem, key.isPresent() ? "; the key from before holds" : "");
        }
    }

    String name() {
        return name;
    }

    /** Empty as long as it was never configured rightly. */
    Optional<DomainKey> key() {
        return key;
    }

    /** What is wrong with its settings; empty if nothing is. */
    String problem() {
        return problem;
    }

    // what follows the tilde of org.staffetta.dkim.key~name
    private static String name(String pid) {
        return pid.substring(pid.indexOf('~') + 1);
    }

    /** Where the configuration is. */
    static Path folder(BundleContext context) {
        return Path.of(Objects.requireNonNullElse(context.getProperty("staffetta.conf"), "conf")).toAbsolutePath();
    }
}
