package org.staffetta.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.filter.Filter;
import org.staffetta.api.filter.FilterContext;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.filter.Verdict;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.session.Session;
import org.staffetta.dns.StubDns;
import org.staffetta.domainkey.Algorithm;
import org.staffetta.domainkey.KeyFile;
import org.staffetta.domainkey.SigningKey;
import org.staffetta.filter.arc.ArcFilter;
import org.staffetta.filter.dkim.DkimFilter;
import org.staffetta.filter.dkim.DkimKey;
import org.staffetta.filter.dkim.DkimSigner;
import org.staffetta.filter.dmarc.DmarcFilter;
import org.staffetta.filter.spf.SpfFilter;
import org.staffetta.smtp.ContentDecoder;
import org.staffetta.smtp.MessageSplitter;
import org.staffetta.smtp.authres.AuthenticationResults;

/**
 * What each step of a message costs one thread, in time and in octets allocated: the filters as a listener calls them, what DNS says in the cache.
 *
 * <p>In {@code mvn verify} only whether each does what it should; {@code -Dstaffetta.bench.seconds=20} measures each line for a tenth of that, after as
 * long for the compiler, and writes {@code itests/target/micro-cost.md}. Of the times of batches the median counts, and the lowest is told beside it.
 */
class MicroCostIT {

    private static final int SECONDS = Integer.getInteger("staffetta.bench.seconds", 0);
    private static final Duration TIME = Duration.ofMillis(Math.max(20, SECONDS * 100L));
    private static final Duration BATCH = Duration.ofMillis(SECONDS == 0 ? 5 : 50);
    private static final Envelope ENVELOPE = new Envelope(Address.parse("alice@sender.example"),
            List.of(new Recipient(Address.parse("bob@drain.test"))), Map.of());
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    private final StringBuilder table = new StringBuilder(
            "| step | µs | lowest | octets allocated |\n|---|--:|--:|--:|\n");

    /** Where results go, so that none of them is not made. */
    private volatile Object result = "";

    private record Client(InetSocketAddress client) implements Session {

        @Override
        public String id() {
            return "S1";
        }

        @Override
        public String listener() {
            return "smtp";
        }

        @Override
        public InetSocketAddress local() {
            return client;
        }

        @Override
        public String helo() {
            return "mx.sender.example";
        }

        @Override
        public boolean extended() {
            return true;
        }

        @Override
        public boolean trusted() {
            return true;
        }

        @Override
        public boolean encrypted() {
            return false;
        }

        @Override
        public String account() {
            return "";
        }
    }

    private record Context(Session session, String transaction, List<Finding> findings,
            Dns dns) implements FilterContext {}

    @Test
    void each_step() throws Exception {
        SigningKey rsa = SigningKey.generate(Algorithm.RSA_SHA256, 2048);
        SigningKey ed25519 = SigningKey.generate(Algorithm.ED25519_SHA256, 0);
        try (ZoneServer server = ZoneServer.onFreePort(FilterCostIT.zone(rsa, ed25519))) {
            Dns dns = Components.make(StubDns.class,
                    Map.of("servers", new String[]{server.address() + ":" + server.port()}));
            Session session = new Client(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 25));
            Context context = new Context(session, "S1.1", List.of(), dns);
            for (int size : List.of(4 << 10, 100 << 10)) {
                String octets = (size >> 10) + " KB";
                CostMail byRsa = CostMail.of(size, rsa, CostMail.SELECTOR);
                split(octets, byRsa);
                Filter verifier = Components.make(DkimFilter.class, Map.of());
                data("dkim, rsa-sha256 of 2048 bits, " + octets, verifier, context, byRsa, "pass");
                data("dkim, ed25519-sha256, " + octets, verifier, context, CostMail.of(size, ed25519, "ours"), "pass");
                data("dkim-sign, rsa-sha256 of 2048 bits, " + octets, signer(rsa), context, byRsa, "");
                data("dkim-sign, ed25519-sha256, " + octets, signer(ed25519), context, byRsa, "");
            }
            CostMail mail = CostMail.of(4 << 10, rsa, CostMail.SELECTOR);
            data("arc, no chain", Components.make(ArcFilter.class, Map.of()), context, mail, "none");
            spfAndDmarc(context, mail);
        } finally {
            System.out.println(table);
            Files.writeString(Path.of("target/micro-cost.md"), table);
        }
    }

    private void spfAndDmarc(Context context, CostMail mail) throws Exception {
        Filter spf = Components.make(SpfFilter.class, Map.of("trusted", true));
        measure("spf, HELO and MAIL, three records", () -> {
            try (Filter.Transaction transaction = spf.begin(context)) {
                return passed(transaction.mail(ENVELOPE), "pass");
            }
        });
        List<Finding> findings = new ArrayList<>();
        try (Filter.Transaction transaction = spf.begin(context)) {
            findings.addAll(passed(transaction.mail(ENVELOPE), "pass").findings());
        }
        findings.addAll(judged(Components.make(DkimFilter.class, Map.of()), context, mail, "pass").findings());
        Context informed = new Context(context.session(), context.transaction(), findings, context.dns());
        Filter dmarc = Components.make(DmarcFilter.class, Map.of("trusted", true));
        data("dmarc", dmarc, informed, mail, "pass");
        findings.addAll(judged(dmarc, informed, mail, "pass").findings());
        measure("Authentication-Results", () -> new AuthenticationResults("mx.bench.test", findings).toHeader());
    }

    private Filter signer(SigningKey key) throws Exception {
        Path file = folder.resolve(key.algorithm().word() + ".pem");
        if (!Files.exists(file)) {
            new KeyFile(folder, file.toString()).create(key);
        }
        DkimSigner signer = Components.make(DkimSigner.class, Map.of());
        Components.bind(signer, "addKey", Components.make(DkimKey.class, Map.of("domain", CostMail.DOMAIN, "selector",
                "ours", "file", file.toString(), "service.pid", "org.staffetta.dkim.key~bench")));
        return signer;
    }

    private void split(String octets, CostMail mail) throws Exception {
        byte[] wire = mail.wire();
        measure("end of data, dots, header fields, " + octets, () -> {
            MessageSplitter splitter = new MessageSplitter(1 << 20, 1000, OutputStream.nullOutputStream());
            ContentDecoder decoder = new ContentDecoder(ContentDecoder.Framing.DOT, 1000, splitter);
            for (int from = 0; from < wire.length; from += 16_384) {
                decoder.decode(wire, from, Math.min(wire.length, from + 16_384));
            }
            assertThat(decoder.ended()).isTrue();
            return splitter.headers();
        });
    }

    // nothing wanted means an edit
    private void data(String step, Filter filter, FilterContext context, CostMail mail, String wanted)
            throws Exception {
        measure(step, () -> judged(filter, context, mail, wanted));
    }

    private static Verdict.Proceed judged(Filter filter, FilterContext context, CostMail mail, String wanted)
            throws Exception {
        try (Filter.Transaction transaction = filter.begin(context)) {
            return passed(transaction.data(ENVELOPE, mail), wanted);
        }
    }

    private static Verdict.Proceed passed(Verdict verdict, String wanted) throws IOException {
        boolean good = verdict instanceof Verdict.Proceed said && (wanted.isEmpty()
                ? !said.edits().isEmpty()
                : !said.findings().isEmpty()
                        && said.findings().stream().allMatch(one -> one.result().equals(wanted)));
        if (!good) {
            throw new IOException("not " + wanted + ": " + verdict);
        }
        return (Verdict.Proceed) verdict;
    }

    private void measure(String step, Callable<?> call) throws Exception {
        result = call.call();
        repeat(call, TIME);
        double[] nanos = repeat(call, TIME);
        int calls = 1000;
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < calls; i++) {
            result = call.call();
        }
        long allocated = (THREADS.getCurrentThreadAllocatedBytes() - before) / calls;
        table.append(String.format(Locale.ROOT, "| %s | %.1f | %.1f | %,d |%n", step, nanos[nanos.length / 2] / 1000,
                nanos[0] / 1000, allocated));
    }

    /** For so long: the time of a call in each batch, sorted. */
    private double[] repeat(Callable<?> call, Duration time) throws Exception {
        List<Double> batches = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        long now = System.nanoTime();
        while (now < end) {
            long start = now;
            int calls = 0;
            while (now - start < BATCH.toNanos()) {
                result = call.call();
                calls++;
                now = System.nanoTime();
            }
            batches.add((now - start) / (double) calls);
        }
        return Arrays.stream(batches.toArray(Double[]::new)).mapToDouble(Double::doubleValue).sorted().toArray();
    }
}
