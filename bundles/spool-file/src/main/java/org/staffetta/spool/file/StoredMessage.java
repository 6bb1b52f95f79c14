package org.staffetta.spool.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** A message of header fields in memory and a body elsewhere. */
record StoredMessage(List<Header> headers, long bodySize, BodySource body) implements Message {

    StoredMessage {
        headers = List.copyOf(headers);
    }

    @Override
    public long size() {
        long size = 2;
        for (Header header : headers) {
            size += header.field().length() + 2;
        }
        return size + bodySize;
    }

    @Override
    public InputStream open() throws IOException {
        StringBuilder head = new StringBuilder();
        headers.forEach(header -> head.append(header.field()).append("\r\n"));
        byte[] octets = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return new SequenceInputStream(new ByteArrayInputStream(octets), openBody());
    }

    @Override
    public InputStream openBody() throws IOException {
        return body.open();
    }
}
