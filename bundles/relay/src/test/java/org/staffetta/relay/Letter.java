package org.staffetta.relay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.staffetta.api.delivery.Attempt;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Envelope;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.api.mail.Recipient;

/** An attempt to deliver a message that is in memory. */
record Letter(String nextHop, Envelope envelope, byte[] octets) implements Attempt {

    static Letter to(String nextHop, String... recipients) {
        Envelope envelope = new Envelope(Address.parse("sender@from.test"),
                Arrays.stream(recipients).map(Letter::recipient).toList(), Map.of());
        return new Letter(nextHop, envelope, octets("Subject: hello\r\n\r\nhi\r\n"));
    }

    static Recipient recipient(String address) {
        return new Recipient(Address.parse(address));
    }

    Letter from(Address sender) {
        return new Letter(nextHop, new Envelope(sender, envelope.recipients(), envelope.parameters()), octets);
    }

    Letter with(Recipient... recipients) {
        return new Letter(nextHop, envelope.withRecipients(List.of(recipients)), octets);
    }

    Letter with(String keyword, String value) {
        Map<String, String> parameters = new HashMap<>(envelope.parameters());
        parameters.put(keyword, value);
        return new Letter(nextHop, new Envelope(envelope.sender(), envelope.recipients(), parameters), octets);
    }

    Letter saying(String text) {
        return new Letter(nextHop, envelope, octets(text));
    }

    @Override
    public String queueId() {
        return "q1";
    }

    @Override
    public Map<String, String> attributes() {
        return Map.of();
    }

    @Override
    public Message message() {
        return new Message() {
            @Override
            public List<Header> headers() {
                String header = new String(octets, StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[0];
                return Arrays.stream(header.split("\r\n")).filter(line -> line.contains(":")).map(Header::new).toList();
            }

            @Override
            public long size() {
                return octets.length;
            }

            @Override
            public InputStream open() throws IOException {
                return new ByteArrayInputStream(octets);
            }

            @Override
            public InputStream openBody() {
                throw new UnsupportedOperationException();
            }
        };
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
