package org.staffetta.api.filter;

import org.staffetta.api.mail.Header;

/** A change of the header section. Edits are applied in their order; the body is never changed. */
public sealed interface HeaderEdit {

    /**
     * Puts a field above all others.
     *
     * @param header the new field
     */
    record Prepend(Header header) implements HeaderEdit {}

    /**
     * Takes one field away: the uppermost that equals the given one. To remove all of a name, name each.
     *
     * @param header the field to remove, as it was read from the message
     */
    record Remove(Header header) implements HeaderEdit {}
}
