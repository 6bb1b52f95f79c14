package org.staffetta.api.tls;

import java.time.Instant;
import java.util.List;

/**
 * What an operator should know of a certificate.
 *
 * @param name how the configuration calls it
 * @param names the host names that it is for
 * @param source the file it was read from
 * @param algorithm of its key
 * @param until when it ends
 * @param problem what is wrong with it or with its file now, in one line; empty if nothing is
 */
public record CertificateStatus(String name, List<String> names, String source, String algorithm, Instant until,
        String problem) {

    /** Copies. */
    public CertificateStatus {
        names = List.copyOf(names);
    }
}
