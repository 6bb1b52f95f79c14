package org.staffetta.deploy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what the framework knows a bundle that was brought in: {@code deploy:<digest>.<number>:<file>}. No two have the same, and it says all that is
 * to be known of a bundle that was here before this part of the server was.
 *
 * @param number tells two of the same digest apart
 */
record Location(String digest, long number, String file) {

    private static final String SCHEME = "deploy:";
    private static final Pattern FORM = Pattern.compile(SCHEME + "([0-9a-f]{64})\\.(\\d{1,18}):(.+)", Pattern.DOTALL);

    /** Empty if the bundle came another way. */
    static Optional<Location> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new Location(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    static boolean isDeployed(String text) {
        return text.startsWith(SCHEME);
    }

    @Override
    public String toString() {
        return SCHEME + digest + "." + number + ":" + file;
    }
}
