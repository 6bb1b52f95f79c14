package org.staffetta.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client says first. What is not of that form is nothing.
 *
 * @param name the account that the client names beside the token; empty if none
 * @param token empty if there is none: so a client asks where to get one
 */
record BearerMessage(String name, String token) {

    private static final char SEPARATOR = '\1';
    // gs2-header, kvsep, kvpairs (RFC 7628 section 3.1). There is no channel binding, so no "p"
    private static final Pattern OAUTHBEARER = Pattern
            .compile("[ny],(?:a=(?<name>[^,\\x00\\x01]{1,1000}))?,\\x01(?<pairs>.*)", Pattern.DOTALL);
    private static final Pattern PAIR = Pattern.compile("(?<key>[A-Za-z]{1,100})=(?<value>[\\x21-\\x7e \\t\\r\\n]*)");
    private static final Pattern CREDENTIALS = Pattern.compile("(?i:bearer) {1,8}(?<token>[\\x21-\\x7e]+)");

    /** Of OAUTHBEARER. */
    static Optional<BearerMessage> oauthbearer(byte[] octets) {
        Optional<Matcher> message = text(octets).map(OAUTHBEARER::matcher).filter(Matcher::matches);
        if (message.isEmpty()) {
            return Optional.empty();
        }
        String saslname = message.get().group("name");
        Optional<String> name = name(saslname == null ? "" : saslname);
        Optional<String> token = pairs(message.get().group("pairs")).flatMap(BearerMessage::token);
        return name.isPresent() && token.isPresent()
                ? Optional.of(new BearerMessage(name.get(), token.get()))
                : Optional.empty();
    }

    /** Of XOAUTH2, which Google has described: {@code user=name^Aauth=Bearer token^A^A}. */
    static Optional<BearerMessage> xoauth2(byte[] octets) {
        Optional<String> text = text(octets);
        if (text.isEmpty() || !text.get().startsWith("user=")) {
            return Optional.empty();
        }
        int end = text.get().indexOf(SEPARATOR);
        String name = end < 0 ? "" : text.get().substring("user=".length(), end);
        // a name may have more letters than a pair
        return name.isEmpty()
                ? Optional.empty()
                : pairs(text.get().substring(end + 1)).flatMap(BearerMessage::token)
                        .map(token -> new BearerMessage(name, token));
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "BearerMessage";
    }

    // each ends with a separator, and one more ends them all; those that nobody here knows are for others
    private static Optional<Map<String, String>> pairs(String text) {
        if (text.equals("\1")) {
            return Optional.of(Map.of());
        }
        if (!text.endsWith("\1\1")) {
            return Optional.empty();
        }
        Map<String, String> pairs = new HashMap<>();
        for (String one : text.substring(0, text.length() - 2).split("\1", -1)) {
            Matcher pair = PAIR.matcher(one);
            if (!pair.matches() || pairs.put(pair.group("key"), pair.group("value")) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(pairs);
    }

    private static Optional<String> token(Map<String, String> pairs) {
        String credentials = pairs.getOrDefault("auth", "");
        Matcher bearer = CREDENTIALS.matcher(credentials);
        if (bearer.matches()) {
            return Optional.of(bearer.group("token"));
        }
        return credentials.isBlank() ? Optional.of("") : Optional.empty();
    }

    // "=2C" is a comma and "=3D" an equals sign; another "=" is an error (RFC 5801 section 4)
    private static Optional<String> name(String saslname) {
        String rest = saslname.replaceAll("=2C|=3D", "");
        return rest.indexOf('=') >= 0
                ? Optional.empty()
                : Optional.of(saslname.replace("=2C", ",").replace("=3D", "="));
    }

    private static Optional<String> text(byte[] octets) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
