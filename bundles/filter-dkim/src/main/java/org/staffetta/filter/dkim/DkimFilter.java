package org.staffetta.filter.dkim;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** The filter {@code dkim}: verifies, tells what it found, and objects to nothing. */
@Component(configurationPid = "org.staffetta.dkim", property = Filter.NAME + "=dkim", immediate = true)
@Designate(ocd = DkimConfig.class)
public final class DkimFilter implements Filter {

    private static final Logger LOG = LoggerFactory.getLogger(DkimFilter.class);

    private final InstantSource clock;
    private volatile Settings settings;

    /** Begins with these settings. */
    @Activate
    public DkimFilter(DkimConfig config) {
        this(Settings.of(config), InstantSource.system());
    }

    DkimFilter(Settings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    @Modified
    void change(DkimConfig config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("dkim: {}; the settings from before hold", e.getMessage());
        }
    }

    @Override
    public Transaction begin(FilterContext context) {
        Verifier verifier = new Verifier(settings, context.dns(), clock);
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                return new Verdict.Proceed(List.of(), verifier.verify(message));
            }
        };
    }
}
