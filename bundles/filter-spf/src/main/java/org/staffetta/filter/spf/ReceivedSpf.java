package org.staffetta.filter.spf;

import org.staffetta.api.mail.Header;

/** The trace field of RFC 7208 section 9.1. */
final class ReceivedSpf {

    private ReceivedSpf() {}

    static Header of(SpfTransaction.Checked check, String receiver) {
        Subject subject = check.subject();
        String client = subject.client().getHostAddress();
        return Header.of("Received-SPF", check.outcome().result().word() + " (" + comment(receiver) + ": "
                + comment(check.outcome().reason()) + ")\r\n\tclient-ip=" + client + "; envelope-from="
                + quoted(subject.sender()) + ";\r\n\thelo=" + quoted(subject.helo()) + "; receiver=" + quoted(receiver)
                + "; identity=" + check.identity().word() + ";");
    }

    // neither a parenthesis nor a backslash in a comment (RFC 5322 section 3.2.2)
    private static String comment(String text) {
        return SpfTransaction.printable(text).replace('(', '[').replace(')', ']').replace('\\', '/');
    }

    private static String quoted(String text) {
        return '"' + SpfTransaction.printable(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
