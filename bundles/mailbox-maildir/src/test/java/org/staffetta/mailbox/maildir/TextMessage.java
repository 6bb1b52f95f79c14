package org.staffetta.mailbox.maildir;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** A message from octets; the store looks at nothing but size and stream. */
record TextMessage(byte[] octets, long size) implements Message {

    static TextMessage of(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return new TextMessage(octets, octets.length);
    }

    @Override
    public List<Header> headers() {
        throw new UnsupportedOperationException("a store does not need them");
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(octets);
    }

    @Override
    public InputStream openBody() {
        throw new UnsupportedOperationException("a store does not need it");
    }
}
