package org.staffetta.itests.bad;

import org.osgi.service.component.annotations.Component;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;

/** Throws as {@link Throwing} does; the operator has said that it may be skipped. */
@Component(property = Filter.NAME + "=open")
public class Skipped implements Filter {

    @Override
    public Transaction begin(FilterContext context) {
        throw new IllegalStateException("out of order");
    }
}
