package org.staffetta.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.staffetta.api.dns.DnsException;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Finds the answer to a question: in the cache, or from the servers, along CNAMEs. */
final class Resolver {

    private static final int MAX_CHAIN = 8;
    // a server that recurses tells a chain at once (RFC 1034 section 5.2.2), one that has a part of it from elsewhere in two pieces
    private static final int MAX_PIECES = 3;

    private final Settings settings;
    private final Upstream upstream;
    private final Cache cache;

    Resolver(Settings settings, LongSupplier nanoTime) {
        this(settings, nanoTime, new Stub(settings)::ask);
    }

    Resolver(Settings settings, LongSupplier nanoTime, Upstream upstream) {
        this.settings = settings;
        this.upstream = upstream;
        this.cache = new Cache(settings.cache(), nanoTime);
    }

    /** Who is asked. */
    @FunctionalInterface
    interface Upstream {

        /** As {@link Stub#ask}. */
        Stub.Response ask(Question question, long deadline) throws DnsException;
    }

    /**
     * Answers.
     *
     * @throws DnsException if there is no answer now
     */
    Findings find(Question question) throws DnsException {
        Optional<Findings> known = cache.get(question);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            Findings findings = ask(question);
            cache.put(question, findings);
            return findings;
        } catch (DnsException e) {
            if (!Thread.currentThread().isInterrupted()) {
                cache.fail(question, e);
            }
            throw e;
        }
    }

    private Findings ask(Question question) throws DnsException {
        long deadline = System.nanoTime() + settings.deadline().toNanos();
        Chain chain = new Chain(question);
        for (int pieces = 1; !chain.isOver(); pieces++) {
            if (pieces > MAX_PIECES) {
                throw new DnsException(
                        "no answer for " + question + ": a chain of CNAMEs that is told link by link, or a loop");
            }
            Stub.Response response = upstream.ask(new Question(chain.name, question.type()), deadline);
            chain.follow(response);
        }
        return chain.findings();
    }

    /** The way from the name that was asked for to the one that has the records; where a server stops half-way we ask on. */
    private static final class Chain {

        private final Question question;
        private final List<Record> records = new ArrayList<>();
        private Name name;
        private int links;
        private long ttl = Long.MAX_VALUE;
        private boolean secure = true;
        private boolean exists = true;
        private boolean over;

        Chain(Question question) {
            this.question = question;
            this.name = question.name();
        }

        boolean isOver() {
            return over;
        }

        Findings findings() {
            return new Findings(List.copyOf(records), exists, secure, ttl);
        }

        void follow(Stub.Response response) throws DnsException {
            Message message = response.message();
            secure &= response.secure();
            Name asked = name;
            Optional<CNAMERecord> alias = alias(message);
            while (alias.isPresent()) {
                name = alias.get().getTarget();
                ttl = Math.min(ttl, alias.get().getTTL());
                if (++links > MAX_CHAIN) {
                    throw new DnsException(
                            "no answer for " + question + ": a chain of more than " + MAX_CHAIN + " CNAMEs, or a loop");
                }
                alias = alias(message);
            }
            message.getSection(Section.ANSWER).stream().filter(this::isWanted).forEach(this::add);
            boolean complete = !records.isEmpty() || name.equals(asked) || message.getRcode() == Rcode.NXDOMAIN
                    || soa(message).isPresent();
            if (complete) {
                conclude(message);
            }
        }

        private void conclude(Message message) {
            over = true;
            exists = !records.isEmpty() || message.getRcode() != Rcode.NXDOMAIN;
            if (records.isEmpty()) {
                // how long there is nothing (RFC 2308 section 5); if nobody says so, it is not kept
                ttl = Math.min(ttl, soa(message).map(soa -> Math.min(soa.getTTL(), soa.getMinimum())).orElse(0L));
            }
        }

        private void add(Record wanted) {
            records.add(wanted);
            ttl = Math.min(ttl, wanted.getTTL());
        }

        private boolean isWanted(Record one) {
            return one.getType() == question.type() && one.getName().equals(name);
        }

        private Optional<CNAMERecord> alias(Message message) {
            return message.getSection(Section.ANSWER).stream().filter(one -> one.getName().equals(name))
                    .filter(CNAMERecord.class::isInstance).map(CNAMERecord.class::cast).findFirst();
        }

        private static Optional<SOARecord> soa(Message message) {
            return message.getSection(Section.AUTHORITY).stream().filter(one -> one.getType() == Type.SOA)
                    .map(SOARecord.class::cast).findFirst();
        }
    }
}
