package org.staffetta.api.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** One account's mail. May be used by many threads at once. */
@ProviderType
public interface Mailbox {

    /**
     * Adds a message; on return it is on stable storage.
     *
     * @param trace fields to put above the message, e.g. Return-Path and Delivered-To
     * @return the id of the new message in this mailbox
     * @throws IOException if that is not certain; the delivery may be repeated
     */
    String deliver(Message message, List<Header> trace) throws IOException;

    /**
     * Takes over a message of another store as it is: octets, id, time of delivery (to the microsecond) and flags. On return it is on stable
     * storage, completely. If there is a message of that id already, nothing is added, and only its flags become those of the original: so it can
     * be repeated. Not for one id by two at once.
     *
     * @param original stays as it is
     * @return the message as it is here now
     * @throws IOException if that is not certain, or the original cannot be read; it may be there completely or not at all
     */
    Stored adopt(Stored original) throws IOException;

    /** The messages that are there now, oldest first. */
    List<Stored> messages() throws IOException;

    /** The message of an id, if it is there now. */
    default Optional<Stored> find(String id) throws IOException {
        return messages().stream().filter(stored -> stored.id().equals(id)).findFirst();
    }

    /** How many messages are there now. */
    default long count() throws IOException {
        return messages().size();
    }

    /** A message in a mailbox. */
    @ProviderType
    interface Stored {

        /**
         * An id that stays with the message, in whatever store it is, and is not used twice in this mailbox: fit for POP3's UIDL. Up to 70
         * characters from {@code !} to {@code ~} (RFC 1939 section 7), none of them {@code /}, {@code :} or {@code ,}, the first no dot.
         */
        String id();

        /** Octets that {@link #open()} gives. */
        long size();

        /** When it was delivered. */
        Instant delivered();

        /**
         * What was noted about it, as it stands now: {@code \Seen}, {@code \Answered}, {@code \Flagged}, {@code \Deleted}, {@code \Draft}, and keywords
         * such as {@code $Forwarded} (RFC 9051 section 2.3.2).
         *
         * @throws IOException if the message is gone
         */
        Set<String> flags() throws IOException;

        /** The whole message with its trace fields; lines end in CRLF. */
        InputStream open() throws IOException;

        /**
         * Removes the message. Durable on return.
         *
         * @return false if it was gone already: of several who try, one removes it
         */
        boolean delete() throws IOException;
    }
}
