package org.staffetta.shell;

import java.util.Arrays;
import java.util.Comparator;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Lets the commands of the framework, such as {@code felix:stop}, have a bundle by its number, or by its symbolic name; of several versions that
 * is the highest. Without a converter they take none at all.
 */
@Component(property = Converter.CONVERTER_CLASSES + "=org.osgi.framework.Bundle")
public final class BundleByName implements Converter {

    private final BundleContext context;

    /** Called by the container. */
    @Activate
    public BundleByName(BundleContext context) {
        this.context = context;
    }

    @Override
    public @Nullable Object convert(Class<?> desired, Object given) {
        if (desired != Bundle.class) {
            return null;
        }
        String text = given.toString();
        return Arrays.stream(context.getBundles())
                .filter(bundle -> text.equals(Long.toString(bundle.getBundleId()))
                        || text.equals(bundle.getSymbolicName()))
                .max(Comparator.comparing(Bundle::getVersion)).orElse(null);
    }

    @Override
    public @Nullable CharSequence format(Object target, int level, Converter escape) {
        return null;
    }
}
