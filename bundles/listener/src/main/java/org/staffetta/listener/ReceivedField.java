package org.staffetta.listener;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;

/** The trace field that each relay puts on top (RFC 5321 section 4.4). */
final class ReceivedField {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z",
            Locale.ENGLISH);
    private static final int SHOWN_RECIPIENTS = 1;

    private ReceivedField() {}

    static Header of(SessionSnapshot session, Transaction transaction, String id, Instant now) {
        Envelope envelope = transaction.envelope();
        // naming more than one would tell each of them who else got it (RFC 5321 section 7.2)
        String recipient = envelope.recipients().size() == SHOWN_RECIPIENTS
                ? "\r\n\tfor <" + envelope.recipients().getFirst().address() + ">"
                : "";
        return Header.of("Received",
                "from " + clean(session.helo()) + " (" + literal(session.client().getAddress()) + ")\r\n\tby "
                        + transaction.settings().hostname() + " with " + session.protocol(transaction.utf8())
                        + encryption(session)
                        + " id " + id
                        + recipient + ";\r\n\t" + DATE.format(now.atZone(ZoneId.systemDefault())));
    }

    private static String encryption(SessionSnapshot session) {
        return session.encrypted() ? "\r\n\t(" + session.encryption() + ")" : "";
    }

    // the client's own word: nothing in it may end the phrase or begin a comment
    private static String clean(String helo) {
        StringBuilder clean = new StringBuilder(helo);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || ".-_:[]".indexOf(c) >= 0;
            clean.setCharAt(i, plain ? c : '?');
        }
        return clean.toString();
    }

    private static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return "[" + (address instanceof Inet6Address ? "IPv6:" : "") + (zone < 0 ? text : text.substring(0, zone))
                + "]";
    }
}
