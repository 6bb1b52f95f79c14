package org.staffetta.api.event;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Something happened to a session or a message.
 *
 * @param time when
 * @param kind what
 * @param sessionId the session it happened in; empty if in none
 * @param queueId the message it happened to; empty if to none
 * @param fields details in the order in which a log line shows them, not escaped: whoever writes them out does that. Names are Postfix's where it
 *        has one: {@code from}, {@code to}, {@code size}, {@code nrcpt}, {@code relay}, {@code delay} (seconds), {@code dsn}, {@code status},
 *        {@code reply}, {@code client}, {@code helo}, {@code proto}, {@code message-id};
 *        {@code transaction} ties together what happened between MAIL and the end of the message
 */
public record MailEvent(Instant time, Kind kind, String sessionId, String queueId, Map<String, String> fields) {

    /** Copies, keeping the order. */
    public MailEvent {
        Objects.requireNonNull(time);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(sessionId);
        Objects.requireNonNull(queueId);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** What happened. More kinds may come: have a default branch. */
    public enum Kind {
        /** A client connected. */
        CONNECTED,
        /** The connection is over; the fields sum it up. */
        DISCONNECTED,
        /** A session, command, recipient or message was refused. */
        REFUSED,
        /**
         * What the filters said in one transaction: {@code filters} lists the calls as {@code name/version phase verdict milliseconds}, with
         * {@code xN} behind those that stand for several; a list that is too long for one field goes on in {@code filters.2}.
         */
        FILTERED,
        /** What a filter said whose verdict had no effect, {@code filters} as above; {@code taken} is what was decided, {@code differs} whether it would have been otherwise. */
        SHADOWED,
        /**
         * A client and we have agreed on encryption: {@code protocol}, {@code cipher}, {@code group} if it is known, {@code sni} if the client named
         * a server. Or we have not: {@code status=failed} and {@code reason}. With a queue id it is the way of that message to the server {@code relay}:
         * {@code verified} is whether that has proved its name.
         */
        SECURED,
        /** A client proved who it is, or failed to. */
        AUTHENTICATED,
        /** A message is on stable storage. */
        ACCEPTED,
        /** A message was accepted and thrown away, as a filter said. */
        DISCARDED,
        /** A message is kept until an operator releases it. */
        HELD,
        /** A recipient got its transport and next hop. */
        ROUTED,
        /** A recipient has the message. */
        DELIVERED,
        /** An attempt failed for now. */
        DEFERRED,
        /** A recipient failed for good. */
        BOUNCED,
        /** No recipient is left; the message is gone from the spool. */
        REMOVED,
        /** A message is in another spool now: {@code spool}, {@code before}; {@code id-before} if its id is a new one. */
        MIGRATED,
        /** A migration from one store to another has begun, goes on, or has ended; the fields say how far it is. */
        PROGRESS,
        /** A step in bringing a bundle in or taking one out; the fields say of which, and how it went. */
        DEPLOYED,
        /** The server itself is in trouble: an operator should look. */
        ALARM
    }
}
