package org.staffetta.auth.oauth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * A JSON Web Token in its compact form (RFC 7519, RFC 7515 section 7.1), as far as it can be read without a key. Nothing of it is to be believed before
 * {@link Verifier} has seen it.
 *
 * @param text the whole
 * @param algorithm by which it says to be signed
 * @param keyId which key it names; empty if none
 */
record Token(String text, String algorithm, String keyId, Map<String, Object> claims) {

    // as long as a line of AUTH may be (RFC 4954 section 4.2)
    private static final int MOST = 12_288;
    // the signature of one that is not signed is empty
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]*+");

    static Token parse(String text) throws TokenException {
        if (text.length() > MOST) {
            throw new TokenException(Fault.TOO_LARGE);
        }
        if (!FORM.matcher(text).matches()) {
            throw new TokenException(Fault.MALFORMED);
        }
        String[] parts = text.split("\\.", -1);
        Map<String, Object> header = json(parts[0]);
        return new Token(text, string(header, "alg").orElse(""), string(header, "kid").orElse(""), json(parts[1]));
    }

    /** A claim that is a text; empty if there is none. */
    Optional<String> claim(String name) {
        return string(claims, name);
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "Token";
    }

    private static Optional<String> string(Map<String, Object> object, String name) {
        return object.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static Map<String, Object> json(String part) throws TokenException {
        try {
            // names that are there twice are refused
            return JsonUtil.parseJson(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
        } catch (JoseException | RuntimeException notJson) {
            throw new TokenException(Fault.MALFORMED);
        }
    }
}
