package org.staffetta.filter.spf;

import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;

/** The filter {@code spf}. */
@Component(configurationPid = "org.staffetta.spf", property = Filter.NAME + "=spf")
@Designate(ocd = SpfConfig.class)
public final class SpfFilter implements Filter {

    private final InstantSource time = InstantSource.system();
    private volatile Settings settings;

    /** Called by the container. */
    @Activate
    public SpfFilter(SpfConfig config) {
        this(Settings.of(config));
    }

    SpfFilter(Settings settings) {
        this.settings = settings;
    }

    @Modified
    void modified(SpfConfig config) {
        settings = Settings.of(config);
    }

    @Override
    public Transaction begin(FilterContext context) {
        Settings now = settings;
        boolean known = context.session().trusted() || !context.session().account().isEmpty();
        return known && !now.trusted() ? new Transaction() {
        } : new SpfTransaction(context, now, time);
    }
}
