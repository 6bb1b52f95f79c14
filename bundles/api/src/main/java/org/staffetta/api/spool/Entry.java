package org.staffetta.api.spool;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Message;

/** A message in the spool, as it stood when this was read. Immutable. */
@ProviderType
public interface Entry {

    /** The key of {@link #attributes()} that holds a new message from the first: its value is the reason for people. */
    String HOLD = "hold";

    /** The queue id: up to 64 letters and digits, never used twice. */
    String id();

    /** When the message was accepted, to the millisecond at least. */
    Instant arrival();

    /** The sender, all recipients as they came, and the parameters of MAIL. */
    Envelope envelope();

    /** The recipients that have no final outcome yet. */
    List<Pending> pending();

    /** Why the message is held; empty if it is not. */
    String held();

    /** What was noted when the message came in, e.g. {@code listener}, {@code session}, {@code client}, {@code helo}, {@code account}. */
    Map<String, String> attributes();

    /** The message. Its streams throw {@link java.io.IOException} once the entry is gone. */
    Message message();
}
