package org.staffetta.deploy.sample.user;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Component;
import org.staffetta.deploy.sample.library.Library;

/** Uses the library. */
@Component(service = Supplier.class)
public class User implements Supplier<String> {
    @Override
    public String get() {
        return Library.text();
    }
}
