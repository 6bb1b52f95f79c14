/**
 * Asks whether a domain permits a client to send mail in its name: the Sender Policy Framework, RFC 7208.
 *
 * <p>The filter {@code spf} checks the HELO identity and, unless the reverse-path is null, the MAIL FROM identity (sections 2.3, 2.4) of clients that are
 * neither trusted nor authenticated. Each check gives a {@link org.staffetta.api.filter.Finding} of the method {@code spf} with the property
 * {@code smtp.helo} or {@code smtp.mailfrom}, for DMARC and for the Authentication-Results field. What is refused is the operator's word
 * ({@code spf.reject}, {@code spf.defer}); by default nothing is: forwarded mail fails SPF, and DMARC judges better.
 *
 * <p><b>How.</b> {@link org.staffetta.filter.spf.Policy} is a record as it was published, read whole before any of it counts (section 4.6);
 * {@link org.staffetta.filter.spf.Check} evaluates it; {@link org.staffetta.filter.spf.MacroString} is text with macros (section 7).
 *
 * <p><b>Limits</b> (section 4.6.4): 10 terms that ask DNS, 10 names of one {@code mx} or {@code ptr}, {@code spf.void.lookups} answers that are empty, and a time for the whole;
 * each ends in {@code permerror} or {@code temperror}, never in {@code pass}. All questions count against the budget of the message.
 *
 * <p><b>Internationalised mail</b> (RFC 8616): U-labels become A-labels first; a term with a macro of the local part does not match if that is not ASCII.
 */
@NullMarked
package org.staffetta.filter.spf;

import org.jspecify.annotations.NullMarked;
