package org.staffetta.itests;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.staffetta.api.mail.Header;
import org.staffetta.api.mail.Message;
import org.staffetta.domainkey.BodyHashes;
import org.staffetta.domainkey.Canonicalization;
import org.staffetta.domainkey.FieldSigner;
import org.staffetta.domainkey.HeaderFields;
import org.staffetta.domainkey.SigningKey;

/** A message as others send it: the usual fields, text in lines, signed in the name of {@value #DOMAIN}. */
record CostMail(List<Header> headers, byte[] body) implements Message {

    static final String DOMAIN = "sender.example";
    static final String SELECTOR = "theirs";

    private static final List<String> SIGNED = List.of("From", "To", "Subject", "Date", "Message-ID", "MIME-Version",
            "Content-Type", "Content-Transfer-Encoding");
    private static final List<String> FIELDS = List.of(
            "Received: from desk.sender.example (desk.sender.example [192.0.2.77])\r\n\tby mx.sender.example with ESMTPSA"
                    + " id 4Xy7Zq2mWz;\r\n\tSat, 28 Nov 2026 09:12:44 +0100",
            "Date: Sat, 28 Nov 2026 09:12:43 +0100",
            "From: Alice Example <alice@sender.example>", "To: Bob Example <bob@drain.test>",
            "Subject: The figures for this month, and what we make of them",
            "Message-ID: <20261128091243.4711@sender.example>",
            "User-Agent: Example Mail 1.0", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 7bit", "Content-Language: en");

    /** A message of about so many octets in all. */
    static CostMail of(int size, SigningKey key, String selector) throws IOException {
        CostMail bare = new CostMail(FIELDS.stream().map(Header::new).toList(), text(size - 1100));
        return new CostMail(signed(bare, key, selector), bare.body());
    }

    /** The header fields of a message with a signature above them. */
    static List<Header> signed(Message bare, SigningKey key, String selector) throws IOException {
        BodyHashes hashes = new BodyHashes();
        hashes.want(Canonicalization.RELAXED, Optional.empty());
        hashes.read(bare);
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("v", "1");
        tags.put("d", DOMAIN);
        tags.put("s", selector);
        List<Header> signed = new ArrayList<>(bare.headers());
        signed.addFirst(new FieldSigner(key).sign("DKIM-Signature", tags, Canonicalization.Pair.RELAXED, SIGNED,
                new HeaderFields(bare.headers()), hashes));
        return List.copyOf(signed);
    }

    // words of one to nine letters; no line begins with a dot
    private static byte[] text(int size) {
        Random random = new Random(size);
        StringBuilder text = new StringBuilder(size + 100);
        int column = 0;
        while (text.length() < size) {
            int letters = 1 + random.nextInt(9);
            for (int i = 0; i < letters; i++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            column += letters + 1;
            text.append(column < 70 ? " " : "\r\n");
            column = column < 70 ? column : 0;
        }
        return text.append("\r\n").toString().getBytes(ISO_8859_1);
    }

    /** As it goes over the wire, with the dot at its end. */
    byte[] wire() throws IOException {
        return (new String(open().readAllBytes(), ISO_8859_1) + ".\r\n").getBytes(ISO_8859_1);
    }

    @Override
    public long size() {
        return head().length + body.length;
    }

    @Override
    public InputStream open() {
        return new SequenceInputStream(new ByteArrayInputStream(head()), openBody());
    }

    @Override
    public InputStream openBody() {
        return new ByteArrayInputStream(body);
    }

    private byte[] head() {
        StringBuilder head = new StringBuilder();
        headers.forEach(header -> head.append(header.field()).append("\r\n"));
        return head.append("\r\n").toString().getBytes(ISO_8859_1);
    }
}
