package org.staffetta.api.tls;

/**
 * How many handshakes have come to the same end.
 *
 * @param direction who called
 * @param protocol the version that was agreed on; empty if there was no agreement, as are the next two
 * @param cipher the cipher suite
 * @param group of the key exchange; empty as well if it is not known
 * @param failure the kind of reason why there was no agreement, in a word; empty if there was one
 * @param count since the service began
 */
public record HandshakeCount(Direction direction, String protocol, String cipher, String group, String failure,
        long count) {

    /** Who called. */
    public enum Direction {
        /** A client; we were the server. */
        IN,
        /** We; the other side was the server. */
        OUT
    }
}
