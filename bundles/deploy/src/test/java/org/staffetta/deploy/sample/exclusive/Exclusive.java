package org.staffetta.deploy.sample.exclusive;

import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Cannot be there twice: it holds a system property as others hold a lock. */
@Component(service = Supplier.class, immediate = true)
public class Exclusive implements Supplier<String> {

    /** The lock. */
    public static final String LOCK = "org.staffetta.deploy.sample.exclusive";

    @Activate
    public Exclusive() {
        if (System.getProperties().putIfAbsent(LOCK, "held") != null) {
            throw new IllegalStateException("the lock is held");
        }
    }

    @Deactivate
    void release() {
        System.clearProperty(LOCK);
    }

    @Override
    public String get() {
        return "exclusive";
    }
}
