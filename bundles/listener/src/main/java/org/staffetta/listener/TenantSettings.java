package org.staffetta.listener;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tenant: one for each configuration of the factory. */
@Component(service = TenantSettings.class, configurationPid = "org.staffetta.tenant", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TenantConfiguration.class, factory = true)
public final class TenantSettings {

    private static final Logger LOG = LoggerFactory.getLogger(TenantSettings.class);

    private final String name;
    private volatile List<String> domains;

    /**
     * Called by the container.
     *
     * @throws IllegalArgumentException if a domain is none; the message is for the operator
     */
    @Activate
    public TenantSettings(TenantConfiguration configuration, Map<String, Object> properties) {
        this.name = Settings.instance(properties);
        this.domains = Scope.domains(configuration.domains());
    }

    /** Takes other domains for transactions from now on, or says what is wrong with them and keeps the old. */
    @Modified
    void modified(TenantConfiguration configuration) {
        try {
            domains = Scope.domains(configuration.domains());
        } catch (IllegalArgumentException wrong) {
            LOG.error("tenant {} keeps its settings: {}", name, wrong.getMessage());
        }
    }

    String name() {
        return name;
    }

    /** In lower case; one that begins with a dot has all below it. */
    List<String> domains() {
        return domains;
    }
}
