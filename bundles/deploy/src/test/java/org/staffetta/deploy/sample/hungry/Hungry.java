package org.staffetta.deploy.sample.hungry;

import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Wants a service that nobody has. */
@Component(service = Supplier.class)
public class Hungry implements Supplier<String> {

    @Reference
    IntSupplier numbers;

    @Override
    public String get() {
        return "hungry";
    }
}
