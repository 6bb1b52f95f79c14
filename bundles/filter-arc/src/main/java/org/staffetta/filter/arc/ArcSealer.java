package org.staffetta.filter.arc;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.event.MailEvent;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.HeaderEdit;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.Complaints;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.smtp.authres.AuthenticationResults;

/** The filter {@code arc-seal}: seals what others sent and this server passes on. It stands last in the chain. */
@Component(service = Filter.class, configurationPid = "org.staffetta.arc", property = Filter.NAME
        + "=arc-seal", immediate = true)
public final class ArcSealer implements Filter {

    private static final Logger LOG = LoggerFactory.getLogger(ArcSealer.class);

    private final InstantSource clock;
    private final Path conf;
    private final Complaints complaints = new Complaints(this::complain);
    private volatile Settings settings;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Begins with these settings. */
    @Activate
    public ArcSealer(BundleContext context, ArcConfig config) {
        this(config, ArcFilter.folder(context), InstantSource.system());
    }

    ArcSealer(ArcConfig config, Path conf, InstantSource clock) {
        this.clock = clock;
        this.conf = conf;
        this.settings = Settings.of(config, conf);
    }

    @Modified
    void change(ArcConfig config) {
        try {
            settings = Settings.of(config, conf);
        } catch (IllegalArgumentException e) {
            LOG.error("arc: {}; the settings from before hold for arc-seal", e.getMessage());
        }
    }

    @Override
    public Transaction begin(FilterContext context) {
        Settings now = settings;
        // what our own users send has no chain to go on with
        Optional<Settings.Identity> identity = now.identity().filter(own -> context.session().account().isEmpty());
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                return identity.isPresent() ? seal(identity.get(), now, context, message) : Verdict.proceed();
            }
        };
    }

    private Verdict seal(Settings.Identity identity, Settings now, FilterContext context, Message message)
            throws IOException {
        Optional<SigningKey> key = key(identity);
        if (key.isEmpty()) {
            // without a seal it is as it would be without us: no reason to keep it waiting
            return Verdict.proceed();
        }
        List<Finding> findings = context.findings();
        String told = new AuthenticationResults(now.authserv(), findings).text();
        List<Header> fields = new Sealer(key.get(), identity, now.sealed()).seal(message,
                status(findings, context, message), told, clock.instant());
        return new Verdict.Proceed(
                fields.stream().map(field -> (HeaderEdit) new HeaderEdit.Prepend(field)).toList(), List.of());
    }

    // as the filter arc found it; if that was not asked, as it is now
    private static ChainResult.Status status(List<Finding> findings, FilterContext context, Message message)
            throws IOException {
        Optional<ChainResult.Status> known = findings.stream()
                .filter(finding -> finding.method().equals(ArcFilter.METHOD))
                .flatMap(finding -> Arrays.stream(ChainResult.Status.values())
                        .filter(status -> status.word().equals(finding.result())))
                .findFirst();
        return known.isPresent() ? known.get() : new Validator(context.dns()).validate(message).status();
    }

    private Optional<SigningKey> key(Settings.Identity identity) {
        try {
            SigningKey key = identity.file().key();
            complaints.settled("arc.seal");
            return Optional.of(key);
        } catch (IOException unusable) {
            complaints.about("arc.seal", String.valueOf(unusable.getMessage()));
            return Optional.empty();
        }
    }

    private void complain(String problem) {
        LOG.error("{}", problem);
        MailEvents now = events;
        if (now != null) {
            now.publish(new MailEvent(clock.instant(), MailEvent.Kind.ALARM, "", "", Map.of("reason", problem)));
        }
    }
}
