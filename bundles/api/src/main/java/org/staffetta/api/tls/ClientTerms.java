package org.staffetta.api.tls;

/**
 * What a client wants of TLS.
 *
 * @param server the name of the server, for SNI and for its certificate; an address if it has no name
 * @param verified whether the certificate must be of that name, and issued by somebody trusted. If not, anything is taken, and
 *        {@link TlsSession#verified} tells
 */
public record ClientTerms(String server, boolean verified) {}
