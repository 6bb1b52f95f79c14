package org.staffetta.spools;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** A message that notes the digest of what is read of it, so that it need not be read once more to be compared. For one thread. */
final class Witness implements Message {

    private final Message message;
    private @Nullable DigestInputStream body;

    Witness(Message message) {
        this.message = message;
    }

    /** The digest of a message, which is read for it. */
    static String digest(Message message) throws IOException {
        Witness witness = new Witness(message);
        try (InputStream body = witness.openBody()) {
            body.transferTo(OutputStream.nullOutputStream());
        }
        return witness.digest();
    }

    /** The digest of header fields and body, which somebody has read to its end. */
    String digest() throws IOException {
        if (body == null || body.read() >= 0) {
            throw new IOException("the body was not read to its end");
        }
        MessageDigest all = sha256();
        for (Header header : headers()) {
            all.update(header.field().getBytes(StandardCharsets.ISO_8859_1));
            all.update((byte) '\n');
        }
        // of the body: what stands in one cannot be taken for the other
        all.update(body.getMessageDigest().digest());
        return HexFormat.of().formatHex(all.digest());
    }

    @Override
    public List<Header> headers() {
        return message.headers();
    }

    @Override
    public long size() {
        return message.size();
    }

    @Override
    public InputStream open() throws IOException {
        return message.open();
    }

    @Override
    public InputStream openBody() throws IOException {
        body = new DigestInputStream(message.openBody(), sha256());
        return body;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
