package org.staffetta.deploy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.staffetta.api.deploy.Operation;

/** An operation that is over, as a line of the history: its fields, in this order, with a tab between them. */
record Past(Instant time, String action, String file, String name, String version, String digest, boolean succeeded,
        String reason, String steps) implements Operation {

    private static final int FIELDS = 9;

    String line() {
        return String.join("\t", List.of(time.toString(), plain(action), plain(file), plain(name), plain(version),
                plain(digest), succeeded ? "ok" : "failed", plain(reason), plain(steps)));
    }

    /** Empty if it is no such line: the last one may be torn. */
    static Optional<Past> parse(String line) {
        String[] f = line.split("\t", -1);
        if (f.length != FIELDS) {
            return Optional.empty();
        }
        try {
            return Optional
                    .of(new Past(Instant.parse(f[0]), f[1], f[2], f[3], f[4], f[5], f[6].equals("ok"), f[7], f[8]));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    boolean concerns(String nameOrFile) {
        return nameOrFile.isEmpty() || name.equals(nameOrFile) || file.equals(nameOrFile);
    }

    // a tab or a line end in what others have named would look like the next field or line
    private static String plain(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }
}
