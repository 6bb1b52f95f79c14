package org.staffetta.directory.file;

import java.security.SecureRandom;
import org.osgi.service.component.annotations.Component;
import org.staffetta.identity.Login;
import org.staffetta.identity.PasswordHash;

/** The shell command {@code mail:passwd}: what to write behind an account so that it can log in. */
@Component(service = PasswordCommand.class, property = {"osgi.command.scope=mail", "osgi.command.function=passwd"})
public final class PasswordCommand {

    // without those that are easily taken for one another
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 20;
    private static final String SCRAM = "--scram";

    private final SecureRandom random = new SecureRandom();

    /** Makes up a password (114 bits) and prints it with its hash. */
    public String passwd() {
        String made = madeUp();
        return made + "\n" + passwd(made);
    }

    private String madeUp() {
        StringBuilder password = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }

    /** Prints the hash of a password as it stands in the directory file; with {@code --scram} alone, of one that it makes up. */
    public String passwd(String password) {
        if (password.equals(SCRAM)) {
            String made = madeUp();
            return made + "\n" + passwd(SCRAM, made);
        }
        requireUsable(password);
        return "password=" + PasswordHash.make(Login.prepare(password), random);
    }

    /** Prints what SCRAM-SHA-256 needs of a password. */
    public String passwd(String option, String password) {
        if (!option.equals(SCRAM)) {
            throw new IllegalArgumentException("usage: passwd [--scram] [PASSWORD]");
        }
        requireUsable(password);
        return "password=" + PasswordHash.makeScram(Login.prepare(password), random);
    }

    private static void requireUsable(String password) {
        if (!Login.isUsable(password)) {
            throw new IllegalArgumentException(
                    "a password has at least one character, and none that is invisible or not yet in Unicode");
        }
    }
}
