package org.staffetta.spool.jdbc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** A message of header fields in memory and a body elsewhere. */
record StoredMessage(List<Header> headers, long bodySize, Body body) implements Message {

    private static final String CRLF = "\r\n";

    StoredMessage {
        headers = List.copyOf(headers);
    }

    /** Where the body is. */
    @FunctionalInterface
    interface Body {
        InputStream open() throws IOException;
    }

    /** Header fields as octets, each with its CRLF. */
    static byte[] octets(List<Header> headers) {
        StringBuilder text = new StringBuilder();
        headers.forEach(header -> text.append(header.field()).append(CRLF));
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The fields that {@link #octets} was made of: a CRLF within a field is followed by white space, and none begins with that. */
    static List<Header> headers(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        List<Header> headers = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf(CRLF, from);
            while (end + 2 < text.length() && (text.charAt(end + 2) == ' ' || text.charAt(end + 2) == '\t')) {
                end = text.indexOf(CRLF, end + 2);
            }
            headers.add(new Header(text.substring(from, end)));
            from = end + 2;
        }
        return headers;
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
        InputStream head = new ByteArrayInputStream(octets(headers));
        return new SequenceInputStream(head,
                new SequenceInputStream(new ByteArrayInputStream(CRLF.getBytes(StandardCharsets.ISO_8859_1)),
                        openBody()));
    }

    @Override
    public InputStream openBody() throws IOException {
        return body.open();
    }
}
