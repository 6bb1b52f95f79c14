package org.staffetta.smtp.client;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.staffetta.api.mail.Reply;

/**
 * What the server offers: the reply to EHLO or LHLO (RFC 5321 section 4.1.1.1).
 *
 * @param keywords in upper case, each with its parameters as one string, empty if it has none
 */
public record Capabilities(Map<String, String> keywords) {

    /** Offered by a server that knows HELO only. */
    public static final Capabilities NONE = new Capabilities(Map.of());

    /** Copies. */
    public Capabilities {
        keywords = Map.copyOf(keywords);
    }

    static Capabilities of(Reply hello) {
        Map<String, String> keywords = new LinkedHashMap<>();
        // the first line is the greeting
        Arrays.stream(hello.text().split("\n", -1)).skip(1).map(String::strip).filter(line -> !line.isEmpty())
                .forEach(line -> {
                    int end = line.indexOf(' ');
                    String keyword = end < 0 ? line : line.substring(0, end);
                    keywords.put(keyword.toUpperCase(Locale.ROOT), end < 0 ? "" : line.substring(end + 1).strip());
                });
        return new Capabilities(keywords);
    }

    /** Whether the keyword is offered, given in upper case. */
    public boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /** Several commands may be sent before their replies are read (RFC 2920). */
    public boolean pipelining() {
        return has("PIPELINING");
    }

    /** Bodies may have octets above 127 (RFC 6152). */
    public boolean eightBitMime() {
        return has("8BITMIME");
    }

    /** Addresses and header fields may be in UTF-8 (RFC 6531). */
    public boolean smtpUtf8() {
        return has("SMTPUTF8");
    }

    /** BDAT is known (RFC 3030). */
    public boolean chunking() {
        return has("CHUNKING");
    }

    /** Delivery status notifications may be asked for (RFC 3461). */
    public boolean dsn() {
        return has("DSN");
    }

    /** SIZE may be declared at MAIL (RFC 1870). */
    public boolean size() {
        return has("SIZE");
    }

    /** The largest message that the server takes; empty if it does not say. */
    public OptionalLong maxSize() {
        long announced = number(keywords.getOrDefault("SIZE", ""));
        // "SIZE 0" and "SIZE": there is no fixed maximum (RFC 1870 section 4)
        return announced > 0 ? OptionalLong.of(announced) : OptionalLong.empty();
    }

    /** The most recipients in a transaction (RFC 9422); empty if the server does not say. */
    public OptionalInt maxRecipients() {
        return limit("RCPTMAX");
    }

    /** The most transactions in a session (RFC 9422); empty if the server does not say. */
    public OptionalInt maxTransactions() {
        return limit("MAILMAX");
    }

    /** The most different domains of recipients in a transaction (RFC 9422); empty if the server does not say. */
    public OptionalInt maxRecipientDomains() {
        return limit("RCPTDOMAINMAX");
    }

    private OptionalInt limit(String name) {
        long value = Arrays.stream(keywords.getOrDefault("LIMITS", "").split(" ", -1))
                .filter(limit -> limit.toUpperCase(Locale.ROOT).startsWith(name + "="))
                .mapToLong(limit -> number(limit.substring(name.length() + 1))).findFirst().orElse(0);
        return value > 0 ? OptionalInt.of((int) Math.min(value, Integer.MAX_VALUE)) : OptionalInt.empty();
    }

    // 0 for what is no number: a server that cannot count limits nothing
    private static long number(String digits) {
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }
}
