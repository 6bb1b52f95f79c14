package org.staffetta.dns;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** The service: from the words of the API to those of DNS and back. */
@Component(configurationPid = "org.staffetta.dns", immediate = true)
@Designate(ocd = DnsConfig.class)
public final class StubDns implements Dns {

    private static final Logger LOG = LoggerFactory.getLogger(StubDns.class);

    private final LongSupplier nanoTime;
    private volatile Resolver resolver;

    /** Begins with these settings. */
    @Activate
    public StubDns(DnsConfig config) {
        this(Settings.of(config), System::nanoTime);
    }

    StubDns(Settings settings, LongSupplier nanoTime) {
        this(new Resolver(settings, nanoTime), nanoTime);
    }

    StubDns(Resolver resolver, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.resolver = resolver;
    }

    @Modified
    void change(DnsConfig config) {
        try {
            change(Settings.of(config));
        } catch (IllegalArgumentException e) {
            LOG.error("dns: {}; the settings from before hold", e.getMessage());
        }
    }

    void change(Settings settings) {
        resolver = new Resolver(settings, nanoTime);
    }

    @Override
    public Answer<Mx> mx(String domain) throws DnsException {
        return ask(domain, Type.MX, MXRecord.class, one -> new Mx(one.getPriority(), text(one.getTarget())));
    }

    @Override
    public Answer<String> txt(String name) throws DnsException {
        return ask(name, Type.TXT, TXTRecord.class, StubDns::text);
    }

    @Override
    public Answer<String> ptr(InetAddress address) throws DnsException {
        if (address.isLoopbackAddress()) {
            return new Answer<>(List.of("localhost"), true, false);
        }
        Findings findings = resolver.find(new Question(ReverseMap.fromAddress(address), Type.PTR));
        return answer(findings, PTRRecord.class, one -> text(one.getTarget()));
    }

    @Override
    public Answer<InetAddress> addresses(String host) throws DnsException {
        if (Names.isLocalhost(host)) {
            return new Answer<>(Names.LOCALHOST, true, false);
        }
        FutureTask<Answer<InetAddress>> six = new FutureTask<>(
                () -> ask(host, Type.AAAA, AAAARecord.class, AAAARecord::getAddress));
        Thread.ofVirtual().name("dns-aaaa").start(six);
        return merged(() -> ask(host, Type.A, ARecord.class, ARecord::getAddress), six);
    }

    // What one family has is enough: servers that fail for AAAA and answer for A are too many (RFC 4074).
    private static Answer<InetAddress> merged(Half a, FutureTask<Answer<InetAddress>> aaaa) throws DnsException {
        List<Answer<InetAddress>> halves = new ArrayList<>();
        List<DnsException> failures = new ArrayList<>();
        for (Half half : List.<Half>of(a, () -> joined(aaaa))) {
            try {
                halves.add(half.get());
            } catch (DnsException e) {
                failures.add(e);
            }
        }
        List<InetAddress> all = halves.stream().flatMap(half -> half.records().stream()).toList();
        if (all.isEmpty() && !failures.isEmpty()) {
            throw failures.getFirst();
        }
        return new Answer<>(all, halves.stream().anyMatch(Answer::exists), halves.stream().allMatch(Answer::secure));
    }

    /** One of the two questions that make up the addresses of a host. */
    @FunctionalInterface
    private interface Half {
        Answer<InetAddress> get() throws DnsException;
    }

    private static Answer<InetAddress> joined(FutureTask<Answer<InetAddress>> half) throws DnsException {
        try {
            return half.get();
        } catch (InterruptedException e) {
            half.cancel(true);
            Thread.currentThread().interrupt();
            throw new DnsException("the question for addresses was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DnsException trouble) {
                throw trouble;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private <R extends Record, T> Answer<T> ask(String text, int type, Class<R> kind, Function<R, T> read)
            throws DnsException {
        if (Names.isLocalhost(text)) {
            return new Answer<>(List.of(), true, false);
        }
        Optional<Name> name = Names.parse(text);
        Findings findings = name.isPresent() ? resolver.find(new Question(name.get(), type)) : Findings.NO_SUCH_NAME;
        return answer(findings, kind, read);
    }

    private static <R extends Record, T> Answer<T> answer(Findings findings, Class<R> kind, Function<R, T> read) {
        return new Answer<>(findings.records().stream().map(kind::cast).map(read).toList(), findings.exists(),
                findings.secure());
    }

    // what is not printable is escaped (RFC 1035 section 5.1), so the text is fit for logs
    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static String text(TXTRecord one) {
        StringBuilder joined = new StringBuilder();
        one.getStringsAsByteArrays().forEach(
                part -> joined.append(new String(part, StandardCharsets.ISO_8859_1)));
        return joined.toString();
    }
}
