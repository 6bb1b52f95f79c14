package org.staffetta.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Reply;

/**
 * Cuts a message into its header fields, kept in memory within limits, and its body, passed on as it comes (RFC 5322 section 2.1).
 *
 * <p>Expects lines that end in CRLF, as {@link ContentDecoder} lets through. A message whose first line is no header field has no
 * header section: all of it is body. Once there was a field, what follows must be fields up to an empty line; text in between would
 * be header to one reader and body to the next, so the message has a {@link #problem}.
 */
public final class MessageSplitter extends OutputStream {

    private static final Reply NOT_A_FIELD = new Reply(554, "5.6.0",
            "a line of the header section is not a header field, and no empty line came before it");

    private final int maxOctets;
    private final int maxFields;
    private final OutputStream body;
    private byte[] section = new byte[1024];
    private int length;
    private int lineStart;
    private final List<Integer> fieldStarts = new ArrayList<>();
    private boolean inBody;
    private List<Header> headers = List.of();
    private Optional<Reply> problem = Optional.empty();

    /**
     * Makes a splitter for one message.
     *
     * @param maxOctets that the header section may have
     * @param maxFields that the header section may have
     * @param body gets what follows the empty line; what it throws is passed on
     */
    public MessageSplitter(int maxOctets, int maxFields, OutputStream body) {
        this.maxOctets = maxOctets;
        this.maxFields = maxFields;
        this.body = body;
    }

    /** The header fields; complete once the body has begun or {@link #finish} was called. */
    public List<Header> headers() {
        return headers;
    }

    /** Why this cannot be accepted as a message, if so. From then on everything is thrown away. */
    public Optional<Reply> problem() {
        return problem;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[]{(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] octets, int offset, int count) throws IOException {
        int i = offset;
        int end = offset + count;
        while (i < end && !inBody && problem.isEmpty()) {
            int lineEnd = indexAfterLf(octets, i, end);
            keep(octets, i, lineEnd);
            if (problem.isEmpty() && section[length - 1] == '\n') {
                endOfLine();
            }
            i = lineEnd;
        }
        if (i < end && problem.isEmpty()) {
            body.write(octets, i, end - i);
        }
    }

    /** The message is complete. A header section without an empty line after it has no body. */
    public void finish() {
        if (!inBody && problem.isEmpty()) {
            endOfSection(length);
        }
    }

    private static int indexAfterLf(byte[] octets, int from, int to) {
        for (int i = from; i < to; i++) {
            if (octets[i] == '\n') {
                return i + 1;
            }
        }
        return to;
    }

    private void keep(byte[] octets, int from, int to) {
        int count = to - from;
        if (length + count > maxOctets) {
            problem = Optional
                    .of(new Reply(552, "5.3.4", "the header section is larger than " + maxOctets + " octets"));
            return;
        }
        if (length + count > section.length) {
            section = Arrays.copyOf(section, Math.max(2 * section.length, length + count));
        }
        System.arraycopy(octets, from, section, length, count);
        length += count;
    }

    private void endOfLine() throws IOException {
        int start = lineStart;
        lineStart = length;
        boolean first = fieldStarts.isEmpty();
        if (length - start == 2) {
            endOfSection(start);
        } else if (isField(start)) {
            beginField(start);
        } else if (first) {
            inBody = true;
            body.write(section, 0, length);
            section = new byte[0];
        } else if (section[start] != ' ' && section[start] != '\t') {
            problem = Optional.of(NOT_A_FIELD);
        }
    }

    private void beginField(int start) {
        fieldStarts.add(start);
        if (fieldStarts.size() > maxFields) {
            problem = Optional.of(new Reply(554, "5.6.0", "there are more than " + maxFields + " header fields"));
        }
    }

    private void endOfSection(int end) {
        inBody = true;
        List<Header> fields = new ArrayList<>(fieldStarts.size());
        for (int i = 0; i < fieldStarts.size(); i++) {
            int start = fieldStarts.get(i);
            int next = i + 1 < fieldStarts.size() ? fieldStarts.get(i + 1) : end;
            fields.add(new Header(new String(section, start, next - 2 - start, StandardCharsets.ISO_8859_1)));
        }
        headers = List.copyOf(fields);
        section = new byte[0];
    }

    // 1*ftext *WSP ":" (RFC 5322 section 3.6.8; white space before the colon is obsolete, section 4.5)
    private boolean isField(int start) {
        int i = start;
        while (i < length && section[i] > ' ' && section[i] < 0x7f && section[i] != ':') {
            i++;
        }
        boolean named = i > start;
        while (i < length && (section[i] == ' ' || section[i] == '\t')) {
            i++;
        }
        return named && i < length && section[i] == ':';
    }
}
