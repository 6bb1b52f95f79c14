package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a client of SCRAM says (RFC 5802 section 7). What is not of that form is nothing. */
final class ScramMessages {

    private static final int LONGEST_NONCE = 256;
    // gs2-header, then client-first-message-bare; a mandatory extension ("m=") is not known here, so it is no match
    private static final Pattern FIRST = Pattern.compile(
            "(?<header>(?<flag>n|y|p=(?<binding>[A-Za-z0-9.-]{1,40})),(?:a=(?<authorized>[^,\\x00]{1,1000}))?,)"
                    + "(?<bare>n=(?<name>[^,\\x00]{1,1000}),r=(?<nonce>[\\x21-\\x2b\\x2d-\\x7e]{1," + LONGEST_NONCE
                    + "})(?:,[^\\x00]{0,1000})?)");
    private static final Pattern FINAL = Pattern.compile(
            "(?<unproved>c=(?<binding>[A-Za-z0-9+/=]{4,4000}),r=(?<nonce>[\\x21-\\x2b\\x2d-\\x7e]{1,600})"
                    + "(?:,[^\\x00]{0,1000})?),p=(?<proof>[A-Za-z0-9+/=]{1,200})");

    private static final Pattern NAME = Pattern.compile("(?:[^=]|=2C|=3D)*+");

    private ScramMessages() {}

    /**
     * The client's first message.
     *
     * @param header the GS2 header as it was sent
     * @param flag {@code n}, {@code y}, or {@code p}
     * @param binding the type of channel binding that is used; empty if none
     * @param authorized for whom; empty for himself
     * @param bare the rest of the message
     */
    record First(String header, char flag, String binding, String authorized, String bare, String name,
            String nonce) {}

    /**
     * The client's last message.
     *
     * @param binding decoded
     * @param unproved all of the message before the proof
     */
    record Final(byte[] binding, String nonce, String unproved, byte[] proof) {}

    static Optional<First> first(byte[] message) {
        Optional<Matcher> match = match(FIRST, message);
        if (match.isEmpty()) {
            return Optional.empty();
        }
        Matcher found = match.get();
        Optional<String> authorized = name(found.group("authorized") == null ? "" : found.group("authorized"));
        Optional<String> name = name(found.group("name"));
        String binding = found.group("binding") == null ? "" : found.group("binding");
        return authorized.isPresent() && name.isPresent()
                ? Optional.of(new First(found.group("header"), found.group("flag").charAt(0), binding,
                        authorized.get(), found.group("bare"), name.get(), found.group("nonce")))
                : Optional.empty();
    }

    static Optional<Final> last(byte[] message) {
        Optional<Matcher> match = match(FINAL, message);
        if (match.isEmpty()) {
            return Optional.empty();
        }
        Matcher found = match.get();
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return Optional.of(new Final(base64.decode(found.group("binding")), found.group("nonce"),
                    found.group("unproved"), base64.decode(found.group("proof"))));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    // "=2C" is a comma and "=3D" an equals sign; another "=" is an error (RFC 5802 section 5.1)
    private static Optional<String> name(String saslname) {
        return NAME.matcher(saslname).matches()
                ? Optional.of(saslname.replace("=2C", ",").replace("=3D", "="))
                : Optional.empty();
    }

    private static Optional<Matcher> match(Pattern form, byte[] message) {
        try {
            Matcher matcher = form.matcher(UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString());
            return matcher.matches() ? Optional.of(matcher) : Optional.empty();
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
