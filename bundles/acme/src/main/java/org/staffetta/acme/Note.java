package org.staffetta.acme;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Properties;

/**
 * What is remembered of one order across restarts. Immutable.
 *
 * @param directory the authority that the certificate is from; empty if there is none
 * @param domains those that it was ordered for, between commas; there may be more in it
 * @param wanted what the settings were at the last attempt, as a digest
 * @param failures since the last success
 * @param limited the authority whose own word {@code next} is; empty if it is our pause
 * @param next not to be asked before, but for other settings; {@link Instant#EPOCH} if at any time
 * @param error of the last attempt, in one line; empty if it went well
 */
record Note(String directory, String domains, String wanted, int failures, String limited, Instant next, String error) {

    /** Nothing was tried yet. */
    static final Note BLANK = new Note("", "", "", 0, "", Instant.EPOCH, "");

    /**
     * Reads what {@link #text} has written.
     *
     * @throws IOException if it is something else
     */
    static Note of(String text) throws IOException {
        try {
            Properties values = new Properties();
            values.load(new StringReader(text));
            return new Note(values.getProperty("directory", ""), values.getProperty("domains", ""),
                    values.getProperty("wanted", ""), Integer.parseInt(values.getProperty("failures", "0")),
                    values.getProperty("limited", ""),
                    Instant.parse(values.getProperty("next", Instant.EPOCH.toString())),
                    values.getProperty("error", ""));
        } catch (IllegalArgumentException | DateTimeException odd) {
            throw new IOException("it is not what was written there", odd);
        }
    }

    String text() throws IOException {
        Properties values = new Properties();
        values.setProperty("directory", directory);
        values.setProperty("domains", domains);
        values.setProperty("wanted", wanted);
        values.setProperty("failures", Integer.toString(failures));
        values.setProperty("limited", limited);
        values.setProperty("next", next.toString());
        values.setProperty("error", error);
        StringWriter text = new StringWriter();
        values.store(text, "How the last attempt to get a certificate ended. Written by the server.");
        return text.toString();
    }

    /** A certificate was got. */
    static Note got(String directory, String domains, String wanted, Instant notBefore) {
        return new Note(directory, domains, wanted, 0, "", notBefore, "");
    }

    /** An attempt has failed. */
    Note failed(String nowWanted, int times, String limitedBy, Instant notBefore, String why) {
        return new Note(directory, domains, nowWanted, times, limitedBy, notBefore, why);
    }

    /** Whether the pause that it speaks of still matters with these settings. */
    boolean isHeld(String nowWanted, String nowDirectory) {
        return wanted.equals(nowWanted) || limited.equals(nowDirectory);
    }
}
