package org.staffetta.acme;

import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the operator says of one certificate: {@code acme.certificate.<name>.*}. */
@Component(service = OrderSettings.class, configurationPid = "org.staffetta.acme.certificate", configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = OrderConfig.class, factory = true)
public final class OrderSettings {

    private static final Logger LOG = LoggerFactory.getLogger(OrderSettings.class);

    private final String name;
    private volatile Optional<Order> order = Optional.empty();

    /** With the first settings. */
    @Activate
    public OrderSettings(OrderConfig config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        this.name = pid.substring(pid.indexOf('~') + 1);
        modified(config);
    }

    /** The settings of before hold if these are wrong. */
    @Modified
    final void modified(OrderConfig config) {
        try {
            order = Optional.of(Order.of(name, config));
        } catch (IllegalArgumentException wrong) {
            LOG.error("{}", wrong.getMessage());
        }
    }

    /** What is wanted as of now; empty if it never was right. */
    Optional<Order> order() {
        return order;
    }
}
