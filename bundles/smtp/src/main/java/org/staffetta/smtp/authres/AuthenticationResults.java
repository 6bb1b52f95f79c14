package org.staffetta.smtp.authres;

import java.util.List;
import java.util.Optional;
import org.staffetta.api.filter.Finding;
import org.staffetta.api.mail.Header;

/**
 * What one server says (RFC 8601 section 2.2).
 *
 * @param service the name of the server, its authserv-id
 * @param findings what it found; those of which method or result are no keyword are never told
 */
public record AuthenticationResults(String service, List<Finding> findings) {

    /** The name of the field. */
    public static final String NAME = "Authentication-Results";

    /** Copies. */
    public AuthenticationResults {
        findings = List.copyOf(findings);
    }

    /**
     * Reads what stands behind the colon, or in an ARC-Authentication-Results field behind the instance. Comments are left out.
     *
     * @param value unfolded
     * @return empty if it is not of that form: then nothing of it is to be believed
     */
    public static Optional<AuthenticationResults> parse(String value) {
        return new ResultsReader(value).read();
    }

    /** The form in which it is told, folded. */
    public String text() {
        return ResultsWriter.value(service) + ";" + ResultsWriter.text(findings);
    }

    /** The field. */
    public Header toHeader() {
        return Header.of(NAME, text());
    }

    /**
     * Whether a field of any name is an Authentication-Results field that might be taken for one of this server.
     *
     * @param service our own name, in ASCII
     */
    public static boolean isInNameOf(String service, Header field) {
        return field.is(NAME) && new Signature(field.value()).mightBe(service);
    }
}
