package org.staffetta.filter.dkim;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
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
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.signing.MessageSigner;
import org.staffetta.domainkey.Complaints;

/**
 * The filter {@code dkim-sign}: signs what our own users send. It stands last in the chain: what is edited after it is not signed. What the server itself
 * writes passes no chain, and is signed whether a chain has the filter or not.
 *
 * <p>The keys are there before it is: SCR enables the components of a bundle one after the other in the order of their names, with their
 * configurations, and its references are bound before it is registered. So nothing goes out unsigned while the bundle is replaced.
 */
@Component(service = {Filter.class,
        MessageSigner.class}, configurationPid = "org.staffetta.dkim", property = Filter.NAME
                + "=dkim-sign", immediate = true)
public final class DkimSigner implements Filter, MessageSigner {

    private static final Logger LOG = LoggerFactory.getLogger(DkimSigner.class);

    private final InstantSource clock = InstantSource.system();
    private final List<DkimKey> keys = new CopyOnWriteArrayList<>();
    private final Complaints complaints = new Complaints(this::complain);
    private volatile Settings settings;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile @Nullable MailEvents events;

    /** Begins with these settings. */
    @Activate
    public DkimSigner(DkimConfig config) {
        settings = Settings.of(config);
    }

    @Modified
    void change(DkimConfig config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("dkim: {}; the settings from before hold for dkim-sign", e.getMessage());
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addKey(DkimKey key) {
        keys.add(key);
    }

    void removeKey(DkimKey key) {
        keys.remove(key);
    }

    @Override
    public Transaction begin(FilterContext context) {
        Settings now = settings;
        if (!now.signsFor(context.session())) {
            return new Transaction() {
            };
        }
        Signer signer = signer(now);
        return new Transaction() {
            @Override
            public Verdict data(Envelope envelope, Message message) throws IOException {
                return signer.sign(message);
            }
        };
    }

    @Override
    public List<Header> sign(Message message) throws IOException {
        return signer(settings).fields(message);
    }

    private Signer signer(Settings now) {
        return new Signer(now, keys.stream().flatMap(key -> key.key().stream()).toList(), clock, complaints);
    }

    private void complain(String problem) {
        LOG.error("{}", problem);
        MailEvents now = events;
        if (now != null) {
            now.publish(new MailEvent(clock.instant(), MailEvent.Kind.ALARM, "", "", Map.of("reason", problem)));
        }
    }
}
