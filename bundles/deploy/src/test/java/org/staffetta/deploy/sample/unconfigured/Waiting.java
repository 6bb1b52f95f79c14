package org.staffetta.deploy.sample.unconfigured;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Waits for a configuration, which is no failure. */
@Component(service = Supplier.class, configurationPid = "org.example.waiting", configurationPolicy = ConfigurationPolicy.REQUIRE)
public class Waiting implements Supplier<String> {
    @Override
    public String get() {
        return "waiting";
    }
}
