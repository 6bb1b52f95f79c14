package org.staffetta.mda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/** A message from text. */
record TextMessage(String text) implements Message {

    @Override
    public List<Header> headers() {
        int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n") + 2;
        return end <= 2
                ? List.of()
                : Arrays.stream(text.substring(0, end - 2).split("\r\n(?![ \t])")).map(Header::new).toList();
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
        return new ByteArrayInputStream(text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1));
    }
}
