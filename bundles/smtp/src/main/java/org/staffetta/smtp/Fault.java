package org.staffetta.smtp;

/** An octet that may not stand where it was found: from here on, sender and receiver may disagree about what a line is. */
public enum Fault {
    /** CR without LF after it (RFC 5321 section 2.3.8). */
    BARE_CR("a CR without LF"),
    /** LF without CR before it (RFC 5321 section 2.3.8). */
    BARE_LF("an LF without CR"),
    /** NUL, which ends strings in other people's programs (RFC 5321 section 4.5.2 has no use for it either). */
    NUL("a NUL");

    private final String description;

    Fault(String description) {
        this.description = description;
    }

    /** What it is in words that fit behind "there is". */
    public String description() {
        return description;
    }
}
