package org.staffetta.smtp;

/** What {@link WireInput#line} found. */
public sealed interface Line {

    /**
     * A line of text.
     *
     * @param text without its CRLF
     */
    record Text(String text) implements Line {}

    /** A line beyond the limit. It was thrown away up to its CRLF; the stream is in step. */
    record TooLong() implements Line {}

    /** A line that is not UTF-8. It was thrown away; the stream is in step. */
    record Malformed() implements Line {}

    /**
     * The stream is out of step: nothing that follows may be taken for a line.
     *
     * @param fault why
     */
    record Broken(Fault fault) implements Line {}

    /** The peer has closed its side. What it began to say and did not end is thrown away. */
    record End() implements Line {}
}
