package org.staffetta.auth.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Decision.Granted;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Reply;

/** Leads OAUTHBEARER and XOAUTH2. */
record BearerLogin(Collection<Issuer> issuers, Accounts accounts) {

    static final String OAUTHBEARER = "OAUTHBEARER";
    static final String XOAUTH2 = "XOAUTH2";

    private static final Logger LOG = LoggerFactory.getLogger(BearerLogin.class);
    private static final Decision DENIED = new Denied(new Reply(535, "5.7.8", "authentication credentials invalid"));
    private static final Decision MALFORMED = new Denied(
            new Reply(501, "5.5.2", "that is no such message of this mechanism"));

    /**
     * Leads the dialogue to its end.
     *
     * @throws IOException as {@link org.staffetta.api.auth.Authenticator#authenticate}
     */
    Decision authenticate(Dialogue dialogue) throws IOException {
        byte[] octets = dialogue.first();
        Optional<BearerMessage> message = dialogue.mechanism().equals(XOAUTH2)
                ? BearerMessage.xoauth2(octets)
                : BearerMessage.oauthbearer(octets);
        Arrays.fill(octets, (byte) 0);
        return message.isPresent() ? check(dialogue, message.get()) : MALFORMED;
    }

    private Decision check(Dialogue dialogue, BearerMessage message) throws IOException {
        Optional<Issuer> issuer = Optional.empty();
        try {
            if (!message.name().isEmpty()) {
                dialogue.claims(message.name());
            }
            Token token = Token.parse(message.token());
            issuer = issuer(token);
            return new Granted(account(dialogue, message, token,
                    issuer.orElseThrow(() -> new TokenException(Fault.ISSUER))));
        } catch (TokenException refused) {
            String whose = issuer.map(one -> " of oauth." + one.name()).orElse("");
            LOG.info("{} in session {}: the token{} logs nobody in: {}", dialogue.mechanism(), dialogue.session().id(),
                    whose, refused.fault().words());
            return refuse(dialogue, refused.fault(), issuer);
        }
    }

    private String account(Dialogue dialogue, BearerMessage message, Token token, Issuer issuer)
            throws TokenException, IOException {
        Optional<String> claimed = issuer.settings().account(token);
        if (message.name().isEmpty() && claimed.isPresent()) {
            dialogue.claims(claimed.get());
        }
        String account = accounts.id(issuer.verify(token)).orElseThrow(() -> new TokenException(Fault.ACCOUNT));
        // nobody acts for another
        boolean himself = message.name().isEmpty() || accounts.id(message.name()).equals(Optional.of(account));
        if (!himself) {
            throw new TokenException(Fault.OTHER);
        }
        return account;
    }

    private Optional<Issuer> issuer(Token token) {
        Optional<String> wanted = token.claim("iss");
        return issuers.stream().filter(one -> wanted.equals(Optional.of(one.settings().issuer()))).findFirst();
    }

    // the client's answer to an error is of no interest (RFC 7628 section 3.2.3), nor is it whether one comes: it has failed
    private Decision refuse(Dialogue dialogue, Fault fault, Optional<Issuer> issuer) {
        // who has no token yet is told where to get one, if there is one place only
        Optional<Issuer> advised = issuer.isPresent() || issuers.size() > 1 ? issuer : issuers.stream().findFirst();
        String error = dialogue.mechanism().equals(XOAUTH2) ? xoauth2(fault, advised) : oauthbearer(fault, advised);
        try {
            dialogue.ask(error.getBytes(US_ASCII));
        } catch (IOException over) {
            // it cancelled, or went
        }
        return DENIED;
    }

    // RFC 7628 section 3.2.2; settings that stand here have no character that JSON would want otherwise
    private static String oauthbearer(Fault fault, Optional<Issuer> issuer) {
        String about = issuer.map(Issuer::settings).map(one -> member("scope", one.scopes())
                + (one.issuer().startsWith("https://")
                        ? member("openid-configuration", one.issuer() + "/.well-known/openid-configuration")
                        : ""))
                .orElse("");
        return "{\"status\":\"" + fault.error().code() + "\"" + about + "}";
    }

    private static String xoauth2(Fault fault, Optional<Issuer> issuer) {
        return "{\"status\":\"" + fault.error().status() + "\",\"schemes\":\"bearer\""
                + issuer.map(one -> member("scope", one.settings().scopes())).orElse("") + "}";
    }

    private static String member(String name, String value) {
        return value.isEmpty() ? "" : ",\"" + name + "\":\"" + value + "\"";
    }
}
