package org.staffetta.deploy.sample.good;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;

/** Works. */
@Component(service = Supplier.class)
public class Good implements Supplier<String> {
    @Override
    public String get() {
        return "good";
    }
}
