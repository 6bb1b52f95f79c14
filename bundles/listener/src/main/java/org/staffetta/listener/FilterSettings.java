package org.staffetta.listener;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator wants of the filter of one name: one for each configuration of the factory. */
@Component(service = FilterSettings.class, configurationPid = "org.staffetta.filter", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FilterConfiguration.class, factory = true)
public final class FilterSettings {

    private static final Logger LOG = LoggerFactory.getLogger(FilterSettings.class);

    private final String name;
    private volatile FilterPolicy policy;

    /**
     * Called by the container.
     *
     * @throws IllegalArgumentException if a setting is wrong in a way that its type does not tell; the message is for the operator
     */
    @Activate
    public FilterSettings(FilterConfiguration configuration, Map<String, Object> properties) {
        this.name = Settings.instance(properties);
        this.policy = FilterPolicy.of(configuration);
    }

    /** Takes new settings for transactions from now on, or says what is wrong with them and keeps the old. */
    @Modified
    void modified(FilterConfiguration configuration) {
        try {
            policy = FilterPolicy.of(configuration);
        } catch (IllegalArgumentException wrong) {
            LOG.error("filter {} keeps its settings: {}", name, wrong.getMessage());
        }
    }

    String name() {
        return name;
    }

    FilterPolicy policy() {
        return policy;
    }
}
