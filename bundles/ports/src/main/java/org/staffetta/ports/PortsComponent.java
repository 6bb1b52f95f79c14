package org.staffetta.ports;

import java.io.IOException;
import java.time.Duration;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.staffetta.api.net.Port;
import org.staffetta.api.net.Ports;

/** The ports as a service. Immediate, for a component that waits for users would end with the last of them, and with it the ports. */
@Component(immediate = true, configurationPid = "org.staffetta.ports", configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = PortsConfig.class)
public final class PortsComponent implements Ports {

    private final PortTable table = new PortTable(this::grace);
    private final Bundle framework;
    private volatile PortsConfig config;

    /** Called by the container. */
    @Activate
    public PortsComponent(BundleContext context, PortsConfig config) {
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        this.config = config;
    }

    @Modified
    void modified(PortsConfig changed) {
        config = changed;
    }

    @Deactivate
    void close() {
        table.close();
    }

    @Override
    public Port open(String owner, String address, int port) throws IOException {
        return table.open(owner, address, port);
    }

    // nobody follows when the server stops: who connects then is to try another server at once
    private Duration grace() {
        return framework.getState() == Bundle.STOPPING ? Duration.ZERO : Duration.ofSeconds(config.grace());
    }
}
