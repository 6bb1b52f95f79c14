package org.staffetta.auth.oauth;

import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** Whether a token is what it says (RFC 7519 section 7.2, RFC 9068 section 4), by settings and keys of one issuer. */
record Verifier(Settings settings, Keys keys, InstantSource clock) {

    /** Checks the signature. Fails with {@link Fault#KEY} if there may be newer keys. */
    void checkSignature(Token token) throws TokenException {
        // before any key is looked for, so that a key is never used for what it is not made for (RFC 8725 section 3.1)
        require(settings.algorithms().contains(token.algorithm()), Fault.ALGORITHM);
        List<PublicKey> candidates = keys.candidates(token);
        require(!candidates.isEmpty(), Fault.KEY);
        require(candidates.stream().anyMatch(key -> isSignedBy(key, token)), Fault.SIGNATURE);
    }

    /** Checks all that the issuer says in it, and gives the name of the account. */
    String checkClaims(Token token) throws TokenException {
        require(token.claim("iss").filter(settings.issuer()::equals).isPresent(), Fault.ISSUER);
        require(texts(token.claims().get("aud")).stream().anyMatch(settings.audience()::contains), Fault.AUDIENCE);
        checkTime(token);
        require(scopes(token).containsAll(settings.scope()), Fault.SCOPE);
        String name = settings.account(token).orElseThrow(() -> new TokenException(Fault.CLAIM));
        require(!settings.claim().equals("email") || isVerified(token.claims().get("email_verified")),
                Fault.UNVERIFIED);
        return name;
    }

    private boolean isSignedBy(PublicKey key, Token token) {
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT,
                    settings.algorithms().toArray(String[]::new)));
            signature.setCompactSerialization(token.text());
            signature.setKey(key);
            return signature.verifySignature();
        } catch (JoseException | RuntimeException unfit) {
            // a signature of a wrong form, a curve that is not the algorithm's, an extension that must be understood ("crit")
            return false;
        }
    }

    // RFC 7519 sections 4.1.4 to 4.1.6
    private void checkTime(Token token) throws TokenException {
        long now = clock.instant().getEpochSecond();
        long tolerance = settings.tolerance().toSeconds();
        require(token.claims().containsKey("exp"), Fault.ENDLESS);
        require(time(token, "exp", 0) > now - tolerance, Fault.OVER);
        require(time(token, "nbf", now) <= now + tolerance && time(token, "iat", now) <= now + tolerance, Fault.EARLY);
    }

    private static long time(Token token, String claim, long without) throws TokenException {
        return switch (token.claims().get(claim)) {
            case null -> without;
            case Number seconds -> seconds.longValue();
            default -> throw new TokenException(Fault.MALFORMED);
        };
    }

    // some write scopes as OAuth does, some as a list, and some in "scp"
    private static List<String> scopes(Token token) {
        Object scope = token.claims().containsKey("scope") ? token.claims().get("scope") : token.claims().get("scp");
        return scope instanceof String words ? Arrays.asList(words.split(" ", -1)) : texts(scope);
    }

    private static List<String> texts(@Nullable Object claim) {
        return switch (claim) {
            case String one -> List.of(one);
            case List<?> several -> several.stream().filter(String.class::isInstance).map(String.class::cast).toList();
            case null, default -> List.of();
        };
    }

    // an address that anybody may give himself is no name; an issuer that does not speak of it is believed
    private static boolean isVerified(@Nullable Object verified) {
        return verified == null || verified.equals(Boolean.TRUE) || verified.equals("true");
    }

    private static void require(boolean good, Fault otherwise) throws TokenException {
        if (!good) {
            throw new TokenException(otherwise);
        }
    }
}
