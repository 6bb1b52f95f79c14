package org.staffetta.acme;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How it stands with one order, for the operator.
 *
 * @param file where the certificate is, or will be
 * @param until when it ends; empty if there is none
 * @param next when the authority is asked next
 * @param failures in a row
 * @param error of the last attempt; empty if it went well
 */
record Standing(String name, List<String> domains, String file, Optional<Instant> until, Instant next, int failures,
        String error) {}
