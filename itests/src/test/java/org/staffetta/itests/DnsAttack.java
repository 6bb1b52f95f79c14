package org.staffetta.itests;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.staffetta.testkit.FakeDns;
import org.staffetta.testkit.FakeDns.Talk;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * What a DNS server may do to questions about one domain, whose mail would pass everything if it were honest.
 *
 * @param name of the attack
 * @param domain in whose name the message comes
 * @param author the domain in its From, most often the same
 * @param unproven the methods that cannot pass, for DNS does not say what they need
 * @param temporary whether nothing is wrong with the message as far as DNS has told: it must not be refused
 * @param talk how it behaves
 */
record DnsAttack(String name, String domain, String author, Set<String> unproven, boolean temporary, Talk talk) {

    static final Set<String> ALL = Set.of("spf", "dkim", "arc", "dmarc");
    private static final Set<String> BY_KEY = Set.of("dkim", "arc");
    private static final long TTL = 60;
    private static final long LONGEST_TTL = Integer.MAX_VALUE;

    /** All of them, on mail that is signed with the given key. */
    static List<DnsAttack> all(String key) throws GeneralSecurityException {
        List<DnsAttack> all = new ArrayList<>();
        faults(key).forEach((name, talk) -> {
            String domain = name + ".example";
            all.add(new DnsAttack(name, domain, domain, ALL, true, talk));
            // the policy is there, and what could satisfy it cannot be known: that is no reason to refuse
            String strict = name + "-strict.example";
            Talk honest = honest(zone(strict, key));
            all.add(new DnsAttack(name + "-strict", strict, strict, ALL, true,
                    (query, line) -> (isPolicy(query) ? honest : talk).answer(query, line)));
        });
        all.addAll(contents(key));
        return all;
    }

    /** Nothing but the truth. */
    static DnsAttack none(String name, String key) {
        String domain = name + ".example";
        return new DnsAttack(name, domain, domain, Set.of(), true, honest(zone(domain, key)));
    }

    /** The truth about a domain. */
    static Map<String, List<String>> zone(String domain, String key) {
        Map<String, List<String>> zone = new HashMap<>();
        zone.put(domain, List.of("v=spf1 ip4:127.0.0.2 ip4:127.0.0.3 -all"));
        zone.put("s1._domainkey." + domain, List.of("v=DKIM1; k=rsa; p=" + key));
        zone.put("_dmarc." + domain, List.of("v=DMARC1; p=reject"));
        return zone;
    }

    /** The truth, as it stands in the zone. */
    static Talk honest(Map<String, List<String>> zone) {
        return (query, line) -> line.send(answer(query, zone, TTL, !line.isTcp()));
    }

    private static boolean isPolicy(Message query) {
        return query.getQuestion().getName().toString().startsWith("_dmarc.");
    }

    /** Those that leave the question without an answer. */
    private static Map<String, Talk> faults(String key) {
        Map<String, Talk> faults = new HashMap<>();
        faults.put("silent", (query, line) -> {});
        faults.put("servfail", (query, line) -> line.send(FakeDns.response(query, Rcode.SERVFAIL).toWire()));
        faults.put("refused", (query, line) -> line.send(FakeDns.response(query, Rcode.REFUSED).toWire()));
        faults.put("late", (query, line) -> {
            Thread.sleep(20_000);
            line.send(truth(query, key).toWire());
        });
        faults.put("tcp-stalls", overTcp((query, line) -> {}));
        faults.put("tcp-closes", overTcp((query, line) -> {
            throw new IOException("that is all");
        }));
        faults.put("tcp-drips", overTcp((query, line) -> {
            byte[] wire = truth(query, key).toWire();
            line.sendRaw(new byte[]{(byte) (wire.length >> 8), (byte) wire.length});
            for (byte octet : wire) {
                Thread.sleep(1000);
                line.sendRaw(new byte[]{octet});
            }
        }));
        faults.put("tcp-promises", overTcp((query, line) -> line.sendRaw(new byte[]{(byte) 0xff, (byte) 0xff, 0, 1})));
        faults.put("truncates-all", (query, line) -> line.send(truncated(query)));
        faults.put("wrong-ids", (query, line) -> {
            for (int i = 1; i <= 200; i++) {
                Message truth = truth(query, key);
                truth.getHeader().setID(query.getHeader().getID() + i & 0xffff);
                line.send(truth.toWire());
            }
        });
        faults.put("other-question", (query, line) -> {
            Message truth = truth(query, key);
            truth.removeAllRecords(Section.QUESTION);
            truth.addRecord(Record.newRecord(name("other.example"), query.getQuestion().getType(), DClass.IN),
                    Section.QUESTION);
            line.send(truth.toWire());
        });
        faults.put("reflects", (query, line) -> line.send(query.toWire()));
        faults.put("garbage", (query, line) -> {
            byte[] octets = new byte[200];
            new Random(query.getHeader().getID()).nextBytes(octets);
            line.send(withId(query, octets));
        });
        faults.put("cut-off", (query, line) -> {
            byte[] wire = truth(query, key).toWire();
            line.send(Arrays.copyOf(wire, wire.length - 3));
        });
        faults.put("pointer-loop", (query, line) -> {
            byte[] wire = truth(query, key).toWire();
            // the owner of the answer is itself
            int owner = query.getHeader().getCount(Section.QUESTION) == 1 ? questionEnd(wire) : 12;
            wire[owner] = (byte) (0xc0 | owner >> 8);
            wire[owner + 1] = (byte) owner;
            line.send(wire);
        });
        faults.put("cname-loop", (query, line) -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            Name here = query.getQuestion().getName();
            Name there = under("loop", here);
            response.addRecord(new CNAMERecord(here, DClass.IN, TTL, there), Section.ANSWER);
            response.addRecord(new CNAMERecord(there, DClass.IN, TTL, here), Section.ANSWER);
            line.send(response.toWire());
        });
        AtomicInteger links = new AtomicInteger();
        faults.put("cname-without-end", (query, line) -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            Name here = query.getQuestion().getName();
            Name next = under("n" + links.incrementAndGet(), new Name(here, Math.max(0, here.labels() - 3)));
            response.addRecord(new CNAMERecord(here, DClass.IN, TTL, next), Section.ANSWER);
            line.send(response.toWire());
        });
        // ten policies, each at the end of a chain that is told one link at a time
        faults.put("cname-link-by-link", (query, line) -> {
            Name here = query.getQuestion().getName();
            boolean linked = here.getLabelString(0).matches("l[1-7]");
            int link = linked ? here.getLabelString(0).charAt(1) - '0' : 0;
            Name rest = linked ? new Name(here, 1) : here;
            Message response = FakeDns.response(query, Rcode.NOERROR);
            response.addRecord(link < 7
                    ? new CNAMERecord(here, DClass.IN, TTL, under("l" + (link + 1), rest))
                    : text(here, many(rest, key), TTL), Section.ANSWER);
            line.send(response.toWire());
        });
        faults.put("referrals", (query, line) -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            response.getHeader().unsetFlag(Flags.RA);
            Name zone = new Name(query.getQuestion().getName(), 1);
            response.addRecord(new NSRecord(zone, DClass.IN, TTL, under("ns" + links.incrementAndGet(), zone)),
                    Section.AUTHORITY);
            line.send(response.toWire());
        });
        return faults;
    }

    /** Those that answer, with what is no proof. */
    private static List<DnsAttack> contents(String key) throws GeneralSecurityException {
        List<DnsAttack> all = new ArrayList<>();
        all.add(content("spf-loop", Set.of("spf"), key, (domain, zone) -> zone.put(domain,
                List.of("v=spf1 include:" + domain + " ip4:127.0.0.2 -all"))));
        all.add(content("spf-includes", Set.of("spf"), key, (domain, zone) -> {
            StringBuilder policy = new StringBuilder("v=spf1");
            for (int i = 1; i <= 11; i++) {
                policy.append(" include:i").append(i).append('.').append(domain);
                zone.put("i" + i + "." + domain, List.of("v=spf1 -all"));
            }
            zone.put(domain, List.of(policy + " ip4:127.0.0.2 -all"));
        }));
        all.add(content("spf-deep", Set.of("spf"), key, (domain, zone) -> {
            for (int i = 0; i <= 30; i++) {
                zone.put((i == 0 ? "" : "i" + i + ".") + domain, List.of("v=spf1 include:i" + (i + 1) + "." + domain));
            }
        }));
        all.add(content("spf-voids", Set.of("spf"), key, (domain, zone) -> zone.put(domain, List.of("v=spf1 a:v1."
                + domain + " a:v2." + domain + " a:v3." + domain + " ip4:127.0.0.2 -all"))));
        all.add(content("spf-two", Set.of("spf"), key, (domain, zone) -> zone.put(domain,
                List.of("v=spf1 ip4:127.0.0.2 -all", "v=spf1 ip4:127.0.0.2 -all"))));
        all.add(content("spf-exchangers", Set.of("spf"), key, (domain, zone) -> {
            StringBuilder policy = new StringBuilder("v=spf1");
            for (int i = 1; i <= 9; i++) {
                policy.append(" mx:m").append(i).append('.').append(domain);
            }
            zone.put(domain, List.of(policy + " ip4:127.0.0.2 -all"));
        }));
        all.add(content("key-with-nul", BY_KEY, key, (domain, zone) -> zone.put("s1._domainkey." + domain,
                List.of("v=DKIM1; k=rsa; p=" + key.substring(0, 40) + "\\000" + key.substring(40)))));
        all.add(content("key-of-other-type", BY_KEY, key,
                (domain, zone) -> zone.put("s1._domainkey." + domain, List.of("v=DKIM1; k=ed25519; p=" + key))));
        all.add(content("key-for-other-service", BY_KEY, key,
                (domain, zone) -> zone.put("s1._domainkey." + domain, List.of("v=DKIM1; s=tlsrpt; p=" + key))));
        all.add(content("key-revoked", BY_KEY, key,
                (domain, zone) -> zone.put("s1._domainkey." + domain, List.of("v=DKIM1; p="))));
        String enormous = enormousKey();
        all.add(content("key-of-16384-bits", BY_KEY, key,
                (domain, zone) -> zone.put("s1._domainkey." + domain, List.of("v=DKIM1; k=rsa; p=" + enormous))));
        all.add(content("records-of-64-kb", ALL, key, (domain, zone) -> zone.replaceAll(
                (name, records) -> List.of(records.getFirst().replaceAll("p=[^;]*|ip4.*", "")
                        + (name.equals(domain) ? "ip4:192.0.2.1 " : "pppp").repeat(4_400)))));
        all.add(lying("lies-about-other-names", (query, response) -> {
            Name other = under("other", query.getQuestion().getName());
            return List.of(text(other, "v=spf1 +all", TTL), text(other, "v=DKIM1; p=" + key, TTL),
                    text(other, "v=DMARC1; p=none", TTL));
        }));
        all.add(lying("lies-for-ever", (query, response) -> List.of(text(query.getQuestion().getName(),
                isPolicy(query) ? "v=DMARC1; p=none" : "v=spf1 -all", LONGEST_TTL))));
        all.add(lying("lies-for-no-time", (query, response) -> List.of(text(query.getQuestion().getName(),
                isPolicy(query) ? "v=DMARC1; p=none" : "v=spf1 -all", 0))));
        DnsAttack lie = lying("lies-for-less-than-no-time", (query, response) -> List.of(text(
                query.getQuestion().getName(), isPolicy(query) ? "v=DMARC1; p=none" : "v=spf1 -all", 0)));
        all.add(lie.with(octets -> {
            // the TTL behind owner, type and class
            int ttl = questionEnd(octets) + 6;
            Arrays.fill(octets, ttl, ttl + 4, (byte) 0xff);
            return octets;
        }));
        all.add(labels(key));
        return all;
    }

    // RFC 1035 section 3.1 allows no more labels than that; each has a policy that sends us on
    private static DnsAttack labels(String key) {
        Talk honest = honest(zone("labels.example", key));
        Talk all = (query, line) -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            response.addRecord(text(query.getQuestion().getName(), "v=DMARC1; p=none; psd=u", TTL), Section.ANSWER);
            line.send(response.toWire());
        };
        return new DnsAttack("labels", "labels.example", "a.".repeat(126) + "a", Set.of("dmarc"), true,
                (query, line) -> (query.getQuestion().getName().toString().endsWith(".a.") ? all : honest)
                        .answer(query, line));
    }

    private interface Change {
        void make(String domain, Map<String, List<String>> zone);
    }

    private static DnsAttack content(String name, Set<String> unproven, String key, Change change) {
        String domain = name + ".example";
        Map<String, List<String>> zone = zone(domain, key);
        change.make(domain, zone);
        return new DnsAttack(name, domain, domain, unproven, true, honest(zone));
    }

    private interface Lie {
        List<Record> tell(Message query, Message response) throws IOException;
    }

    private static DnsAttack lying(String name, Lie lie) {
        String domain = name + ".example";
        return new DnsAttack(name, domain, domain, ALL, true, (query, line) -> {
            Message response = FakeDns.response(query, Rcode.NOERROR);
            lie.tell(query, response).forEach(one -> response.addRecord(one, Section.ANSWER));
            line.send(response.toWire());
        });
    }

    private DnsAttack with(UnaryOperator<byte[]> change) {
        return new DnsAttack(name, domain, author, unproven, temporary,
                (query, line) -> talk.answer(query, new FakeDns.Line() {
                    @Override
                    public boolean isTcp() {
                        return line.isTcp();
                    }

                    @Override
                    public void send(byte[] message) throws IOException {
                        line.send(change.apply(message));
                    }

                    @Override
                    public void sendRaw(byte[] octets) throws IOException {
                        line.sendRaw(octets);
                    }
                }));
    }

    private static Talk overTcp(Talk talk) {
        return (query, line) -> {
            if (line.isTcp()) {
                talk.answer(query, line);
            } else {
                line.send(truncated(query));
            }
        };
    }

    private static byte[] truncated(Message query) {
        Message response = FakeDns.response(query, Rcode.NOERROR);
        response.getHeader().setFlag(Flags.TC);
        return response.toWire();
    }

    // as if whatever is asked for were there and good
    private static Message truth(Message query, String key) throws IOException {
        Name name = query.getQuestion().getName();
        Message response = FakeDns.response(query, Rcode.NOERROR);
        response.addRecord(text(name, good(name, key), TTL), Section.ANSWER);
        return response;
    }

    private static String good(Name name, String key) {
        String text = name.toString();
        return text.startsWith("_dmarc.")
                ? "v=DMARC1; p=none"
                : text.contains("_domainkey") ? "v=DKIM1; p=" + key : "v=spf1 +all";
    }

    private static String many(Name name, String key) {
        if (name.getLabelString(0).startsWith("x")) {
            return "v=spf1 -all";
        }
        StringBuilder includes = new StringBuilder("v=spf1");
        for (int i = 0; i < 9; i++) {
            includes.append(" include:x").append(i).append('.').append(name.toString(true));
        }
        return good(name, key).replace("v=spf1", includes);
    }

    private static byte[] answer(Message query, Map<String, List<String>> zone, long ttl, boolean udp)
            throws IOException {
        Name name = query.getQuestion().getName();
        List<String> texts = zone.getOrDefault(name.toString(true).toLowerCase(Locale.ROOT), List.of());
        Message response = FakeDns.response(query, Rcode.NOERROR);
        switch (query.getQuestion().getType()) {
            case Type.TXT -> {
                for (String text : texts) {
                    response.addRecord(text(name, text, ttl), Section.ANSWER);
                }
            }
            case Type.MX -> {
                for (int i = 0; i < 10; i++) {
                    response.addRecord(new MXRecord(name, DClass.IN, ttl, i, under("h" + i, name)), Section.ANSWER);
                }
            }
            case Type.A -> {
                if (name.toString().startsWith("h")) {
                    response.addRecord(new ARecord(name, DClass.IN, ttl,
                            InetAddress.ofLiteral("192.0.2.77")), Section.ANSWER);
                }
            }
            default -> {
                // nothing else is there
            }
        }
        if (response.getSection(Section.ANSWER).isEmpty()) {
            response.getHeader().setRcode(Rcode.NXDOMAIN);
            response.addRecord(new SOARecord(name("example"), DClass.IN, ttl, name("ns.example"), name("me.example"), 1,
                    2, 3, 4, ttl), Section.AUTHORITY);
        }
        byte[] wire = response.toWire();
        return udp && wire.length > 1232 ? truncated(query) : wire;
    }

    private static TXTRecord text(Name name, String text, long ttl) {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < text.length();) {
            int end = Math.min(i + 250, text.length());
            // an escape stays whole
            int escape = text.lastIndexOf('\\', end);
            end = escape > i && end - escape < 4 ? escape : end;
            strings.add(text.substring(i, end));
            i = end;
        }
        return new TXTRecord(name, DClass.IN, ttl, strings);
    }

    // one cannot wait for such a key to be made; to be refused it need not be a good one
    private static String enormousKey() throws GeneralSecurityException {
        BigInteger modulus = new BigInteger(16_384, new Random(42)).setBit(16_383).setBit(0);
        return Base64.getEncoder().encodeToString(KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65_537))).getEncoded());
    }

    private static byte[] withId(Message query, byte[] octets) {
        octets[0] = (byte) (query.getHeader().getID() >> 8);
        octets[1] = (byte) query.getHeader().getID();
        return octets;
    }

    private static int questionEnd(byte[] wire) {
        int at = 12;
        while (wire[at] != 0) {
            at += wire[at] + 1;
        }
        return at + 5;
    }

    private static Name under(String label, Name name) throws TextParseException {
        return Name.fromString(label, name);
    }

    private static Name name(String text) throws TextParseException {
        return Name.fromString(text, Name.root);
    }

    @Override
    public String toString() {
        return name;
    }
}
