package org.staffetta.api.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
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

    /** The messages that are there now, oldest first. */
    List<Stored> messages() throws IOException;

    /** A message in a mailbox. */
    @ProviderType
    interface Stored {

        /** An id that stays with the message and is not used twice in this mailbox: fit for POP3's UIDL. */
        String id();

        /** Octets that {@link #open()} gives. */
        long size();

        /** When it was delivered. */
        Instant delivered();

        /** The whole message with its trace fields; lines end in CRLF. */
        InputStream open() throws IOException;

        /** Removes the message; nothing happens if it is gone already. Durable on return. */
        void delete() throws IOException;
    }
}
