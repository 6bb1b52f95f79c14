package org.staffetta.mailboxes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** A message from text. */
record TextMessage(String text) implements Message {

    @Override
    public List<Header> headers() {
        return List.of();
    }

    @Override
    public long size() {
        return text.length();
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(text.getBytes(ISO_8859_1));
    }

    @Override
    public InputStream openBody() {
        return open();
    }
}
