package org.staffetta.domainkey;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.smtp.MessageSplitter;

/**
 * A message in memory, taken apart as the listener does it.
 *
 * @param headers from top to bottom
 * @param body each {@code char} is one octet
 */
public record TestMessage(List<Header> headers, String body) implements Message {

    private static final int LIMIT = 10_000_000;

    /** Copies. */
    public TestMessage {
        headers = List.copyOf(headers);
    }

    /** From octets, each a {@code char}, with CRLF. */
    public static TestMessage of(String octets) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        MessageSplitter splitter = new MessageSplitter(LIMIT, LIMIT, body);
        try {
            splitter.write(octets.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        splitter.finish();
        splitter.problem().ifPresent(problem -> {
            throw new IllegalArgumentException(problem.toString());
        });
        return new TestMessage(splitter.headers(), body.toString(StandardCharsets.ISO_8859_1));
    }

    /** From octets whose lines may end in LF. */
    public static TestMessage ofLines(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1);
        return of(text.replace("\r\n", "\n").replace("\n", "\r\n"));
    }

    /** The same with one more field on top. */
    public TestMessage with(Header header) {
        List<Header> more = new ArrayList<>(headers);
        more.addFirst(header);
        return new TestMessage(more, body);
    }

    /** The same with another body. */
    public TestMessage withBody(String other) {
        return new TestMessage(headers, other);
    }

    /** The same with a field in place of another, or none. */
    public TestMessage replacing(Header old, Header... others) {
        List<Header> changed = new ArrayList<>(headers);
        int place = changed.indexOf(old);
        changed.remove(place);
        changed.addAll(place, List.of(others));
        return new TestMessage(changed, body);
    }

    /** The first field of a name. */
    public Header first(String name) {
        return headers.stream().filter(header -> header.is(name)).findFirst().orElseThrow();
    }

    /** The octets of the whole, each a {@code char}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        headers.forEach(header -> text.append(header.field()).append("\r\n"));
        return text.append("\r\n").append(body).toString();
    }

    @Override
    public long size() {
        return text().length();
    }

    @Override
    public InputStream open() {
        return stream(text());
    }

    @Override
    public InputStream openBody() {
        return stream(body);
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
