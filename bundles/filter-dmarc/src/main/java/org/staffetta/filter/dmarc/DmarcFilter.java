package org.staffetta.filter.dmarc;

import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;

/** The filter {@code dmarc}. */
@Component(service = Filter.class, configurationPid = "org.staffetta.dmarc", property = Filter.NAME
        + "=dmarc", immediate = true)
@Designate(ocd = DmarcConfig.class)
public final class DmarcFilter implements Filter {

    private static final Logger LOG = LoggerFactory.getLogger(DmarcFilter.class);

    private volatile Settings settings;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Reports reports;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable Incoming incoming;

    /** Begins with these settings. */
    @Activate
    public DmarcFilter(DmarcConfig config) {
        this(Settings.of(config));
    }

    DmarcFilter(Settings settings) {
        this.settings = settings;
    }

    @Modified
    void change(DmarcConfig config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("dmarc: {}; the settings from before hold", e.getMessage());
        }
    }

    private void report(Sample sample) {
        Reports collecting = reports;
        if (collecting != null) {
            collecting.add(sample);
        }
    }

    @Override
    public Transaction begin(FilterContext context) {
        Settings now = settings;
        boolean known = context.session().trusted() || !context.session().account().isEmpty();
        Transaction judging = known && !now.trusted() ? new Transaction() {
        } : new DmarcTransaction(context, now, this::report);
        Incoming reading = incoming;
        return reading == null ? judging : new ReadingTransaction(judging, reading);
    }
}
