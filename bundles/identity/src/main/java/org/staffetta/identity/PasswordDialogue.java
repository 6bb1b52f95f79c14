package org.staffetta.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.staffetta.api.auth.Decision;
import org.staffetta.api.auth.Decision.Denied;
import org.staffetta.api.auth.Dialogue;
import org.staffetta.api.mail.Reply;

/** Leads PLAIN and LOGIN to where a name and a password are there, whoever checks them. Neither gets into an exception. */
public final class PasswordDialogue {

    /** What everybody is told whose name or password is wrong, or who may not. */
    public static final Decision DENIED = new Denied(new Reply(535, "5.7.8", "authentication credentials invalid"));

    private static final Decision MALFORMED = new Denied(
            new Reply(501, "5.5.2", "that is no such message of this mechanism"));
    private static final Decision UNKNOWN = new Denied(new Reply(504, "5.5.4", "no such mechanism"));

    private PasswordDialogue() {}

    /** Who knows whether a password is somebody's. */
    @FunctionalInterface
    public interface Check {

        /**
         * Checks.
         *
         * @param authorized as whom he wants to act; empty for himself
         * @param name as it was given
         * @param password as {@link Login#prepare} makes it; may be empty
         * @throws IOException if that cannot be told now
         */
        Decision check(String authorized, String name, byte[] password) throws IOException;
    }

    /**
     * Leads the dialogue to its end.
     *
     * @throws IOException as {@link org.staffetta.api.auth.Authenticator#authenticate}
     */
    public static Decision lead(Dialogue dialogue, Check check) throws IOException {
        return switch (dialogue.mechanism()) {
            case "PLAIN" -> plain(dialogue, check);
            case "LOGIN" -> login(dialogue, check);
            default -> UNKNOWN;
        };
    }

    // [authzid] NUL authcid NUL passwd (RFC 4616 section 2)
    private static Decision plain(Dialogue dialogue, Check check) throws IOException {
        byte[] message = dialogue.first();
        try {
            int first = indexOfNul(message, 0);
            int second = indexOfNul(message, first + 1);
            if (first < 0 || second < 0 || indexOfNul(message, second + 1) >= 0) {
                return MALFORMED;
            }
            String authorized = text(message, 0, first);
            String name = text(message, first + 1, second);
            byte[] password = Login.prepare(text(message, second + 1, message.length));
            dialogue.claims(AuthName.of(name).text());
            return check.check(authorized, name, password);
        } catch (CharacterCodingException notUtf8) {
            return MALFORMED;
        } finally {
            Arrays.fill(message, (byte) 0);
        }
    }

    private static Decision login(Dialogue dialogue, Check check) throws IOException {
        byte[] name = dialogue.first("Username:".getBytes(UTF_8));
        claim(dialogue, name);
        byte[] answer = dialogue.ask("Password:".getBytes(UTF_8));
        try {
            byte[] password = Login.prepare(text(answer, 0, answer.length));
            return check.check("", text(name, 0, name.length), password);
        } catch (CharacterCodingException notUtf8) {
            return MALFORMED;
        } finally {
            Arrays.fill(answer, (byte) 0);
        }
    }

    // what is no text is no name, and is denied later
    private static void claim(Dialogue dialogue, byte[] name) throws IOException {
        dialogue.claims(AuthName.of(new String(name, UTF_8)).text());
    }

    private static String text(byte[] octets, int from, int to) throws CharacterCodingException {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, from, to - from)).toString();
    }

    private static int indexOfNul(byte[] octets, int from) {
        for (int i = from; i < octets.length; i++) {
            if (octets[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
