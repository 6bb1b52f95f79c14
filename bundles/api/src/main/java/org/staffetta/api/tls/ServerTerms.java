package org.staffetta.api.tls;

/**
 * What a listener wants of TLS.
 *
 * @param tickets whether clients get tickets by which a later session is resumed. Some break off if one comes early
 */
public record ServerTerms(boolean tickets) {}
