package org.staffetta.relay;

import java.util.Map;
import java.util.Random;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.delivery.Outcome;
import org.staffetta.api.delivery.Transport;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.event.MailEvents;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.session.Sessions;
import org.staffetta.api.tls.Tls;
import org.staffetta.smtp.client.Protocol;

/** The transport {@code smtp}. */
@Component(configurationPid = "org.staffetta.relay", property = Filter.NAME + "=smtp", immediate = true)
@Designate(ocd = RelayConfig.class)
public final class SmtpTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpTransport.class);

    private final Relay relay;

    /** Begins with these settings. */
    @Activate
    public SmtpTransport(RelayConfig config) {
        relay = new Relay(Protocol.SMTP, Settings.of(config), new Random());
    }

    @Modified
    void change(RelayConfig config) {
        try {
            relay.change(Settings.of(config));
        } catch (IllegalArgumentException e) {
            LOG.error("relay: {}; the settings from before hold for smtp", e.getMessage());
        }
    }

    @Deactivate
    void stop() {
        relay.close();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindDns(Dns dns) {
        relay.dns().arrive(dns);
    }

    void unbindDns(Dns dns) {
        relay.dns().leave(dns);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindTls(Tls tls) {
        relay.tls().arrive(tls);
    }

    void unbindTls(Tls tls) {
        relay.tls().leave(tls);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    void bindEvents(MailEvents events) {
        relay.events().arrive(events);
    }

    void unbindEvents(MailEvents events) {
        relay.events().leave(events);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindSessions(Sessions listener) {
        relay.ourselves().add(listener);
    }

    void unbindSessions(Sessions listener) {
        relay.ourselves().remove(listener);
    }

    @Override
    public Map<Recipient, Outcome> deliver(Attempt attempt) throws InterruptedException {
        return relay.deliver(attempt);
    }
}
