package org.staffetta.itests.failing;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;

/** Fails when it is to start. */
@Component(property = Filter.NAME + "=unstartable")
public class Unstartable implements Filter {

    /** Fails. */
    @Activate
    public Unstartable() {
        throw new IllegalStateException("no licence found");
    }
}
