package org.staffetta.deploy.sample.lazy;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;

/** Has a class that nobody needs before the first call. */
@Component(service = Supplier.class)
public class Lazy implements Supplier<String> {
    @Override
    public String get() {
        return new Later().toString();
    }

    private static final class Later {
        @Override
        public String toString() {
            return "lazy";
        }
    }
}
