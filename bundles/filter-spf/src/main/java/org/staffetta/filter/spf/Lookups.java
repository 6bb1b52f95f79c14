package org.staffetta.filter.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.staffetta.api.dns.Answer;
import org.staffetta.api.dns.Dns;
import org.staffetta.api.dns.DnsException;

/** The questions of one check to DNS, within the limits of RFC 7208 section 4.6.4. */
final class Lookups {

    private static final int TERMS = 10;
    private static final int NAMES = 10;

    private final Dns dns;
    private final InetAddress client;
    private final int voids;
    private final long end;
    private int terms;
    private int empty;

    /**
     * @param voids answers without content that are allowed
     * @param end by {@link System#nanoTime}
     */
    Lookups(Dns dns, InetAddress client, int voids, long end) {
        this.dns = dns;
        this.client = client;
        this.voids = voids;
        this.end = end;
    }

    /** A check is over before its time. */
    static final class EndException extends Exception {
        private static final long serialVersionUID = 1L;
        private final Result result;

        EndException(Result result, String reason) {
            super(reason, null, false, false);
            this.result = result;
        }

        Outcome outcome() {
            return Outcome.of(result, String.valueOf(getMessage()));
        }
    }

    /** Counts a term that asks DNS. */
    void countTerm() throws EndException {
        if (++terms > TERMS) {
            throw new EndException(Result.PERMERROR, "the record needs more than " + TERMS + " DNS lookups");
        }
    }

    List<String> policies(String domain) throws EndException {
        return answer(() -> dns.txt(domain)).records().stream().filter(Policy::isPolicy).toList();
    }

    /** The addresses of a host in the client's family. */
    List<InetAddress> addresses(String host) throws EndException {
        Answer<InetAddress> answer = answer(() -> dns.addresses(host));
        return counted(answer.records().stream().filter(one -> sameFamily(one, client)).toList(), host);
    }

    /** Whether a name has an IPv4 address, whatever the client's family (section 5.7). */
    boolean exists(String name) throws EndException {
        Answer<InetAddress> answer = answer(() -> dns.addresses(name));
        return !counted(answer.records().stream().filter(Inet4Address.class::isInstance).toList(), name).isEmpty();
    }

    /** The exchangers of a domain: more than ten are an error (section 4.6.4). */
    List<String> exchangers(String domain) throws EndException {
        List<String> hosts = counted(answer(() -> dns.mx(domain)).records(), domain).stream().map(Dns.Mx::host)
                .filter(host -> !host.isEmpty()).toList();
        if (hosts.size() > NAMES) {
            throw new EndException(Result.PERMERROR, domain + " has more than " + NAMES + " mail exchangers");
        }
        return hosts;
    }

    /** The client's names that lead back to it (section 5.5). What cannot be found out is passed over; of many the first count. */
    List<String> validatedNames() throws EndException {
        List<String> names = new ArrayList<>();
        try {
            for (String name : dns.ptr(client).records().stream().limit(NAMES).toList()) {
                if (isValidated(name)) {
                    names.add(name);
                }
            }
        } catch (DnsException unknown) {
            return List.of();
        }
        return List.copyOf(names);
    }

    /** What a domain has to say, unless that cannot be found out (section 6.2). */
    List<String> explanations(String domain) {
        try {
            return dns.txt(domain).records();
        } catch (DnsException unknown) {
            return List.of();
        }
    }

    private boolean isValidated(String name) throws EndException {
        requireTime();
        try {
            return dns.addresses(name).records().contains(client);
        } catch (DnsException unknown) {
            return false;
        }
    }

    private interface Question<T> {
        Answer<T> ask() throws DnsException;
    }

    private <T> Answer<T> answer(Question<T> question) throws EndException {
        requireTime();
        try {
            return question.ask();
        } catch (DnsException trouble) {
            throw new EndException(Result.TEMPERROR, String.valueOf(trouble.getMessage()));
        }
    }

    private void requireTime() throws EndException {
        if (System.nanoTime() - end > 0) {
            throw new EndException(Result.TEMPERROR, "the check took too long");
        }
    }

    private <T> List<T> counted(List<T> records, String name) throws EndException {
        if (records.isEmpty() && ++empty > voids) {
            throw new EndException(Result.PERMERROR,
                    "more than " + voids + " DNS lookups were void, the last for " + name);
        }
        return records;
    }

    private static boolean sameFamily(InetAddress one, InetAddress other) {
        return one instanceof Inet4Address == other instanceof Inet4Address;
    }
}
