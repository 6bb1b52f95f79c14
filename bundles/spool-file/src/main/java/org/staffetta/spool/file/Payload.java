package org.staffetta.spool.file;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Recipient;
import org.staffetta.api.spool.Pending;

/**
 * The payloads of the records that speak of an entry. All begin alike ({@link Standing}), so that a restart learns what the index
 * needs without reading further.
 */
final class Payload {

    /** Of a reply's text no more is kept: it is for people, and who says it is a stranger. */
    private static final int MAX_REPLY = 1000;

    private Payload() {}

    /**
     * What the index must know of an entry.
     *
     * @param due in milliseconds of the epoch
     */
    record Standing(long due, boolean held) {

        static Standing read(ByteBuffer payload) throws CorruptRecordException {
            Decoder in = new Decoder(payload);
            return new Standing(in.int64(), in.octet() != 0);
        }

        private Encoder write() {
            return new Encoder().int64(due).octet(held ? 1 : 0);
        }
    }

    /**
     * What else is known of a copy. Stands before {@link Accepted}.
     *
     * @param id of the entry that it becomes
     * @param origin where it comes from
     * @param pending what was pending there
     */
    record Copied(String id, String origin, List<Pending> pending) {

        static Copied read(ByteBuffer payload) throws CorruptRecordException {
            return Payload.read(payload, Payload::copied);
        }
    }

    /**
     * A message as it came in.
     *
     * @param bodySize octets of the body
     * @param body where a payload was read: the body itself, or the checksums of its blocks if it is in a file of its own
     */
    record Accepted(Instant arrival, String held, Envelope envelope, Map<String, String> attributes,
            List<Header> headers, long bodySize, ByteBuffer body) {

        /** Where a payload is made, the body comes behind it. */
        static final ByteBuffer APART = ByteBuffer.allocate(0).asReadOnlyBuffer();
    }

    /** A message without what {@link Accepted#body} stands for: that is appended by the caller. */
    static ByteBuffer accepted(Standing standing, Accepted message) {
        return accepted(standing.write(), message);
    }

    /** The same of a copy. */
    static ByteBuffer copied(Standing standing, Copied copy, Accepted message) {
        Encoder out = standing.write().text(copy.id()).text(copy.origin());
        pending(out, copy.pending());
        return accepted(out, message);
    }

    private static ByteBuffer accepted(Encoder out, Accepted message) {
        out.text(message.held());
        instant(out, message.arrival());
        out.text(message.envelope().sender().localPart()).text(message.envelope().sender().domain());
        map(out, message.envelope().parameters());
        recipients(out, message.envelope().recipients());
        map(out, message.attributes());
        out.number(message.headers().size());
        message.headers().forEach(header -> out.latin(header.field()));
        return out.number(message.bodySize()).toBuffer();
    }

    /** The message of a record that is one, of whatever type. */
    static Accepted accepted(RecordType type, ByteBuffer payload) throws CorruptRecordException {
        return read(payload, in -> {
            if (type.isCopy()) {
                copied(in);
            }
            return accepted(in);
        });
    }

    private static Copied copied(Decoder in) throws CorruptRecordException {
        return new Copied(in.text(), in.text(), pending(in));
    }

    private static Accepted accepted(Decoder in) throws CorruptRecordException {
        String held = in.text();
        Instant arrival = instant(in);
        Address sender = new Address(in.text(), in.text());
        Map<String, String> parameters = map(in);
        Envelope envelope = new Envelope(sender, recipients(in), parameters);
        Map<String, String> attributes = map(in);
        int count = in.count();
        List<Header> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headers.add(new Header(in.latin()));
        }
        return new Accepted(arrival, held, envelope, attributes, List.copyOf(headers), in.number(), in.rest());
    }

    /**
     * A change of what is pending.
     *
     * @param done have an outcome
     * @param pending are new or stand anew
     */
    record Update(List<Recipient> done, List<Pending> pending) {}

    static ByteBuffer update(Standing standing, Update update) {
        Encoder out = standing.write();
        recipients(out, update.done());
        pending(out, update.pending());
        return out.toBuffer();
    }

    static Update update(ByteBuffer payload) throws CorruptRecordException {
        return read(payload, in -> new Update(recipients(in), pending(in)));
    }

    /** All that is pending, and why the entry is held. */
    record State(String held, List<Pending> pending) {}

    static ByteBuffer state(Standing standing, State state) {
        Encoder out = standing.write().text(state.held());
        pending(out, state.pending());
        return out.toBuffer();
    }

    static State state(ByteBuffer payload) throws CorruptRecordException {
        return read(payload, in -> new State(in.text(), pending(in)));
    }

    static ByteBuffer hold(Standing standing, String reason) {
        return standing.write().text(reason).toBuffer();
    }

    static String hold(ByteBuffer payload) throws CorruptRecordException {
        return read(payload, Decoder::text);
    }

    static ByteBuffer handedOver(Standing standing, String copy) {
        return standing.write().text(copy).toBuffer();
    }

    static String handedOver(ByteBuffer payload) throws CorruptRecordException {
        return read(payload, Decoder::text);
    }

    private interface Reading<T> {
        T from(Decoder in) throws CorruptRecordException;
    }

    private static <T> T read(ByteBuffer payload, Reading<T> reading) throws CorruptRecordException {
        Decoder in = new Decoder(payload);
        in.int64();
        in.octet();
        try {
            return reading.from(in);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new CorruptRecordException("a record holds what cannot stand in a message: " + e.getMessage(), e);
        }
    }

    private static void recipients(Encoder out, List<Recipient> recipients) {
        out.number(recipients.size());
        recipients.forEach(recipient -> recipient(out, recipient));
    }

    private static List<Recipient> recipients(Decoder in) throws CorruptRecordException {
        int count = in.count();
        List<Recipient> recipients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recipients.add(recipient(in));
        }
        return recipients;
    }

    private static void pending(Encoder out, List<Pending> pending) {
        out.number(pending.size());
        for (Pending one : pending) {
            recipient(out, one.recipient());
            out.number(one.attempts());
            instant(out, one.nextAttempt());
            String reply = one.lastReply();
            out.text(reply.length() > MAX_REPLY ? reply.substring(0, MAX_REPLY) : reply);
        }
    }

    private static List<Pending> pending(Decoder in) throws CorruptRecordException {
        int count = in.count();
        List<Pending> pending = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pending.add(new Pending(recipient(in), (int) in.number(), instant(in), in.text()));
        }
        return pending;
    }

    private static void recipient(Encoder out, Recipient recipient) {
        out.text(recipient.address().localPart()).text(recipient.address().domain());
        map(out, recipient.parameters());
    }

    private static Recipient recipient(Decoder in) throws CorruptRecordException {
        return new Recipient(new Address(in.text(), in.text()), map(in));
    }

    private static void instant(Encoder out, Instant instant) {
        out.int64(instant.getEpochSecond()).int32(instant.getNano());
    }

    private static Instant instant(Decoder in) throws CorruptRecordException {
        return Instant.ofEpochSecond(in.int64(), in.int32());
    }

    private static void map(Encoder out, Map<String, String> map) {
        out.number(map.size());
        map.forEach((key, value) -> out.text(key).text(value));
    }

    private static Map<String, String> map(Decoder in) throws CorruptRecordException {
        int count = in.count();
        Map<String, String> map = LinkedHashMap.newLinkedHashMap(Math.min(count, 64));
        for (int i = 0; i < count; i++) {
            map.put(in.text(), in.text());
        }
        return map;
    }
}
