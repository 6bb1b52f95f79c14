package org.staffetta.queue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/**
 * What a notification gives back of the message: all of it when it failed and is short and the sender did not ask for less (RET,
 * RFC 3461 section 4.3) nor for protection (REQUIRETLS, RFC 8689 section 5), else the header. Bounded, and so held in memory.
 */
final class ReturnedContent {
    private static final Logger LOG = LoggerFactory.getLogger(ReturnedContent.class);

    private final byte[] octets;
    private final boolean full;
    private final boolean global;

    private ReturnedContent(byte[] octets, boolean full, boolean global) {
        this.octets = octets;
        this.full = full;
        this.global = global;
    }

    static ReturnedContent of(Report report, int limit) {
        Message message = report.entry().message();
        boolean global = message.headers().stream().anyMatch(header -> !Printable.isAscii(header.field()));
        String wish = report.entry().envelope().parameters().getOrDefault("RET", "FULL").toUpperCase(Locale.ROOT);
        // RFC 3461 section 4.3: a notification that tells no failure gives back the header only; RFC 8689 section 5: nor does one that must be protected
        boolean full = report.kind() == Report.Kind.FAILED && wish.equals("FULL") && !report.isProtected();
        if (full && message.size() <= limit) {
            try (InputStream in = message.open()) {
                return new ReturnedContent(in.readNBytes(limit), true, global);
            } catch (IOException e) {
                // a body that cannot be read must not keep the sender from being told
                LOG.warn("{}: the bounce has the header only: {}", report.entry().id(), e.getMessage());
            }
        }
        return new ReturnedContent(header(message, limit), false, global);
    }

    boolean contains(String text) {
        return new String(octets, StandardCharsets.ISO_8859_1).contains(text);
    }

    boolean isEightBit() {
        for (byte octet : octets) {
            if (octet < 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether the header is beyond ASCII: then it is a message of RFC 6532, if its sender said so. */
    boolean isGlobal() {
        return global;
    }

    String description() {
        return full ? "Undelivered message" : "Message header";
    }

    /** The media type; {@code utf8} says whether the sender takes those of RFC 6532 and RFC 6533. */
    String type(boolean utf8) {
        if (global && utf8) {
            return full ? "message/global" : "message/global-headers";
        }
        return full ? "message/rfc822" : "text/rfc822-headers";
    }

    InputStream open() {
        return new ByteArrayInputStream(octets);
    }

    private static byte[] header(Message message, int limit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Header header : message.headers()) {
            byte[] field = (header.field() + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            if (out.size() + field.length > limit) {
                break;
            }
            out.writeBytes(field);
        }
        return out.toByteArray();
    }
}
