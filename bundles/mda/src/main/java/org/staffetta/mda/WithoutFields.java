package org.staffetta.mda;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;

/**
 * A message without some of its header fields, otherwise octet for octet the same.
 *
 * @param message the whole
 * @param headers those that stay
 * @param removed the octets of the others
 */
record WithoutFields(Message message, List<Header> headers, long removed) implements Message {

    /** The message without the fields of a name; the very same if it has none. */
    static Message named(String name, Message message) {
        List<Header> kept = message.headers().stream().filter(header -> !header.is(name)).toList();
        long removed = octets(message.headers()) - octets(kept);
        return removed == 0 ? message : new WithoutFields(message, kept, removed);
    }

    @Override
    public long size() {
        return message.size() - removed;
    }

    @Override
    public InputStream open() throws IOException {
        StringBuilder section = new StringBuilder();
        headers.forEach(header -> section.append(header.field()).append("\r\n"));
        InputStream rest = message.open();
        try {
            rest.skipNBytes(octets(message.headers()));
        } catch (IOException failed) {
            rest.close();
            throw failed;
        }
        return new SequenceInputStream(
                new ByteArrayInputStream(section.toString().getBytes(StandardCharsets.ISO_8859_1)), rest);
    }

    @Override
    public InputStream openBody() throws IOException {
        return message.openBody();
    }

    // a field's chars are octets, and CRLF follows each
    private static long octets(List<Header> headers) {
        return headers.stream().mapToLong(header -> header.field().length() + 2L).sum();
    }
}
