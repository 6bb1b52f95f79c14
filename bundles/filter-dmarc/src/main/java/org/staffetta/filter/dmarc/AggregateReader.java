package org.staffetta.filter.dmarc;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.staffetta.domainkey.DomainName;

/**
 * Reads the XML of one report: RFC 9990, RFC 7489 appendix C, the drafts before, and what is seen in the wild. Of a namespace, of elements that are not
 * known, and of whatever stands around {@code feedback} nothing is made. There is no DTD, no entity but the five of XML itself, nothing is fetched.
 */
final class AggregateReader {

    private static final int MOST_DEPTH = 20;
    private static final int LONGEST_TEXT = 256;
    // of one piece of XML: a text, a comment, a tag with its attributes
    private static final int LONGEST_PIECE = 1_000_000;
    private static final int MOST_ROWS = 1_000;
    private static final String ROOT = "feedback";
    private static final String METADATA = "feedback/report_metadata/";
    private static final String RANGE = METADATA + "date_range/";
    private static final String DOMAIN = "feedback/policy_published/domain";
    private static final String RECORD = "feedback/record";
    private static final String ROW = RECORD + "/row/";
    private static final String EVALUATED = ROW + "policy_evaluated/";
    private static final Set<String> WANTED = Set.of(METADATA + "org_name", METADATA + "email", METADATA + "report_id",
            RANGE + "begin", RANGE + "end", DOMAIN, ROW + "source_ip", ROW + "count", EVALUATED + "disposition",
            EVALUATED + "dkim", EVALUATED + "spf");
    private static final List<String> DISPOSITIONS = List.of("none", "pass", "quarantine", "reject");

    private final Map<String, String> texts = new HashMap<>();
    private final Map<AggregateReport.Row, Long> rows = new LinkedHashMap<>();
    private final Deque<String> path = new ArrayDeque<>();
    private final StringBuilder text = new StringBuilder();

    private AggregateReader() {}

    /**
     * Reads up to the end of the report; what follows nobody needs.
     *
     * @throws IOException if it is none, or one that cannot be understood; the message is one line
     */
    static AggregateReport read(Reader xml) throws IOException {
        Pieces pieces = new Pieces(xml);
        try {
            XMLStreamReader reader = parsed(() -> factory().createXMLStreamReader(pieces));
            try {
                return new AggregateReader().read(reader, pieces);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            if (e.getNestedException() instanceof IOException trouble) {
                throw trouble;
            }
            throw new IOException("it is not well-formed: " + oneLine(String.valueOf(e.getMessage())), e);
        }
    }

    private interface Step<T> {
        T take() throws XMLStreamException;
    }

    // the parser looks for a message of its own in vain when there is an octet in a document type that may not be there
    private static <T> T parsed(Step<T> step) throws IOException, XMLStreamException {
        try {
            return step.take();
        } catch (RuntimeException theirs) {
            throw new IOException("it is not well-formed", theirs);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }

    private AggregateReport read(XMLStreamReader reader, Pieces pieces) throws IOException, XMLStreamException {
        boolean inside = false;
        while (reader.hasNext()) {
            int event = parsed(reader::next);
            pieces.next();
            switch (event) {
                case XMLStreamConstants.DTD -> throw new IOException("it has a document type");
                case XMLStreamConstants.START_ELEMENT -> {
                    inside = inside || reader.getLocalName().equals(ROOT);
                    begin(reader.getLocalName());
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> add(reader);
                case XMLStreamConstants.END_ELEMENT -> {
                    if (end()) {
                        return report();
                    }
                }
                default -> {}
            }
        }
        throw new IOException(inside ? "it ends too early" : "it is XML, but no report");
    }

    private void begin(String name) throws IOException {
        boolean root = name.equals(ROOT);
        if (path.size() >= MOST_DEPTH || root && path.contains(ROOT)) {
            throw new IOException("its elements are nested too deeply");
        }
        if (root) {
            // whatever it is in
            path.clear();
        }
        path.addLast(name);
        text.setLength(0);
    }

    private void add(XMLStreamReader reader) {
        int room = Math.min(LONGEST_TEXT - text.length(), reader.getTextLength());
        if (room > 0) {
            text.append(reader.getTextCharacters(), reader.getTextStart(), room);
        }
    }

    // whether the report is complete
    private boolean end() throws IOException {
        String place = String.join("/", path);
        String name = path.removeLast();
        if (place.equals(RECORD)) {
            record();
        } else if (WANTED.contains(place)) {
            texts.put(place, clean(text.toString()));
        }
        text.setLength(0);
        return name.equals(ROOT) && path.isEmpty();
    }

    private void record() throws IOException {
        long count = number(ROW + "count", 12);
        AggregateReport.Row row = new AggregateReport.Row(source(take(ROW + "source_ip")),
                Optional.of(take(EVALUATED + "disposition").toLowerCase(Locale.ROOT)).filter(DISPOSITIONS::contains)
                        .orElse(""),
                passes(take(EVALUATED + "dkim")), passes(take(EVALUATED + "spf")));
        boolean room = rows.size() < MOST_ROWS || rows.containsKey(row);
        rows.merge(room ? row : new AggregateReport.Row("other", row.disposition(), row.dkim(), row.spf()), count,
                Long::sum);
    }

    private AggregateReport report() throws IOException {
        String domain = DomainName.parse(take(DOMAIN))
                .orElseThrow(() -> new IOException("it names no domain that it is about"));
        long begin = number(RANGE + "begin", 11);
        long end = number(RANGE + "end", 11);
        String email = take(METADATA + "email");
        String named = take(METADATA + "org_name");
        String organization = named.isEmpty() ? email.substring(email.lastIndexOf('@') + 1) : named;
        if (organization.isEmpty()) {
            throw new IOException("it does not say who reports");
        }
        return new AggregateReport(organization, take(METADATA + "report_id"), domain,
                Instant.ofEpochSecond(begin), Instant.ofEpochSecond(Math.max(begin, end)), rows);
    }

    private String take(String place) {
        String taken = texts.remove(place);
        return taken == null ? "" : taken;
    }

    private long number(String place, int digits) throws IOException {
        String number = take(place);
        if (!number.matches("[0-9]{1," + digits + "}")) {
            throw new IOException(place.substring(ROOT.length() + 1) + " is not a number");
        }
        return Long.parseLong(number);
    }

    // in lower case in the RFC, but not everywhere
    private static boolean passes(String result) {
        return result.equalsIgnoreCase("pass");
    }

    private static String source(String address) throws IOException {
        try {
            // without a zone, which names an interface of this machine
            return InetAddress.ofLiteral(address.replaceAll("%.*", "")).getHostAddress();
        } catch (IllegalArgumentException none) {
            throw new IOException("source_ip '" + address + "' is not an address", none);
        }
    }

    /** One line of printable ASCII. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.strip().chars().forEach(c -> clean.append(c >= 0x20 && c < 0x7f ? (char) c : '?'));
        return clean.toString();
    }

    // names of elements are in it, as the stranger has made them up
    private static String oneLine(String text) {
        String line = clean(text.replaceAll("\\s+", " ")
                .replaceFirst("ParseError at \\[row,col\\]:\\[(\\d+),(\\d+)\\] Message: ", "line $1, column $2: "));
        return line.substring(0, Math.min(line.length(), LONGEST_TEXT));
    }

    /** A parser keeps each piece in memory until it is complete, so there is an end to how long one may be. */
    private static final class Pieces extends FilterReader {

        private int left = LONGEST_PIECE;

        Pieces(Reader in) {
            super(in);
        }

        /** A piece is complete. */
        void next() {
            left = LONGEST_PIECE;
        }

        @Override
        public int read() throws IOException {
            char[] one = new char[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(char[] chars, int offset, int length) throws IOException {
            int count = in.read(chars, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new IOException("it has a piece of more than " + LONGEST_PIECE + " characters");
            }
            return count;
        }
    }
}
