package org.staffetta.listener;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.ComponentConstants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.filter.Chain;
import org.staffetta.api.net.Ports;
import org.staffetta.api.session.Sessions;

/** The listener as a component: one for each configuration of the factory. */
@Component(configurationPid = "org.staffetta.listener", configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = ListenerConfiguration.class, factory = true)
public final class Listener implements Sessions, Chain {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final String name;
    private final SmtpServer server;

    /**
     * Starts to listen.
     *
     * @throws IllegalArgumentException if a setting is wrong in a way that its type does not tell; the message is for the operator
     */
    @Activate
    public Listener(ListenerConfiguration configuration, Map<String, Object> properties, @Reference Parts parts,
            @Reference Ports ports) {
        this.name = Settings.instance(properties);
        this.server = new SmtpServer(Settings.of(name, configuration), parts, ports, InstantSource.system());
    }

    /** Takes new settings, or says what is wrong with them and keeps the old. */
    @Modified
    void modified(ListenerConfiguration configuration) {
        try {
            server.modify(Settings.of(name, configuration));
        } catch (IllegalArgumentException wrong) {
            LOG.error("listener {} keeps its settings: {}", name, wrong.getMessage());
        }
    }

    /** Only if the configuration wants this listener no more, nobody follows it. */
    @Deactivate
    void stop(int reason) {
        if (reason == ComponentConstants.DEACTIVATION_REASON_CONFIGURATION_DELETED) {
            server.abandon();
        } else {
            server.leave();
        }
    }

    @Override
    public String listener() {
        return server.listener();
    }

    @Override
    public List<Link> links() {
        return server.links();
    }

    @Override
    public String address() {
        return server.address();
    }

    @Override
    public Map<String, Map<String, Long>> logins() {
        return server.logins();
    }

    @Override
    public List<Active> active() {
        return server.active();
    }
}
