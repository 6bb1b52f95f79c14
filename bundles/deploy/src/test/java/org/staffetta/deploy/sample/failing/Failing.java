package org.staffetta.deploy.sample.failing;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Fails when it is to start, which is when its service is asked for. */
@Component(service = Supplier.class)
public class Failing implements Supplier<String> {

    @Activate
    public Failing() {
        throw new IllegalStateException("no licence found");
    }

    @Override
    public String get() {
        return "";
    }
}
