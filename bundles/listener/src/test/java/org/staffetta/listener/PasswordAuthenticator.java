package org.staffetta.listener;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.staffetta.api.auth.Authenticator;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Reply;

/** PLAIN and LOGIN for {@code bob@mydomain.tld} with the password {@code secret}. */
final class PasswordAuthenticator implements Authenticator {

    @Override
    public Decision authenticate(Dialogue dialogue) throws IOException {
        return dialogue.mechanism().equals("PLAIN") ? plain(dialogue) : login(dialogue);
    }

    private static Decision plain(Dialogue dialogue) throws IOException {
        String[] parts = new String(dialogue.first(), StandardCharsets.UTF_8).split("\0", -1);
        return parts.length == 3 ? decide(parts[1], parts[2]) : decide("", "");
    }

    private static Decision login(Dialogue dialogue) throws IOException {
        String name = text(dialogue.ask("Username:".getBytes(StandardCharsets.US_ASCII)));
        return decide(name, text(dialogue.ask("Password:".getBytes(StandardCharsets.US_ASCII))));
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    private static Decision decide(String name, String password) {
        return name.equals("bob@mydomain.tld") && password.equals("secret")
                ? new Decision.Granted(name)
                : new Decision.Denied(new Reply(535, "5.7.8", "wrong name or password"));
    }
}
