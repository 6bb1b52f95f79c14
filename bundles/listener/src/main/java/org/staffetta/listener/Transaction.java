package org.staffetta.listener;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.routing.Router;
import org.staffetta.api.spool.Spool;

/** One mail transaction, from MAIL to the end of its content or RSET. It keeps the settings and the parts it began with. */
final class Transaction implements AutoCloseable {

    private final Settings settings;
    private final Leases leases;
    private final Address sender;
    private final Map<String, String> parameters;
    private final FilterRun filters;
    private final Map<Address, Recipient> recipients = new LinkedHashMap<>();
    private Optional<Reception> chunks = Optional.empty();

    Transaction(Settings settings, Leases leases, Address sender, Map<String, String> parameters, FilterRun filters) {
        this.settings = settings;
        this.leases = leases;
        this.sender = sender;
        this.parameters = Map.copyOf(parameters);
        this.filters = filters;
    }

    /** That of the session, a dot, and a number. */
    String id() {
        return filters.transaction();
    }

    Settings settings() {
        return settings;
    }

    Router router() {
        return leases.router().service();
    }

    Spool spool() {
        return leases.spool().service();
    }

    FilterRun filters() {
        return filters;
    }

    /** Whether the client asked for SMTPUTF8 (RFC 6531 section 3.4). */
    boolean utf8() {
        return parameters.containsKey("SMTPUTF8");
    }

    Envelope envelope() {
        return new Envelope(sender, List.copyOf(recipients.values()), parameters);
    }

    int recipients() {
        return recipients.size();
    }

    boolean has(Address recipient) {
        return recipients.containsKey(recipient);
    }

    /** Somebody who is named twice gets one copy, on the terms of the first time. */
    void add(Recipient recipient) {
        recipients.putIfAbsent(recipient.address(), recipient);
    }

    /** The message that is coming in by BDAT, if its first chunk was seen. */
    Optional<Reception> chunks() {
        return chunks;
    }

    Reception chunks(Reception began) {
        chunks = Optional.of(began);
        return began;
    }

    @Override
    public void close() {
        try {
            chunks.ifPresent(Reception::close);
            filters.close();
        } finally {
            leases.close();
        }
    }
}
