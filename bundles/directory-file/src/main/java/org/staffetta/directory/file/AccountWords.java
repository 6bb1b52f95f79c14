package org.staffetta.directory.file;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.staffetta.api.mail.Address;
import org.staffetta.identity.PasswordHash;

/**
 * What follows an account's address.
 *
 * @param password if there is one
 * @param attributes {@code quota} in octets, {@code tenant}, {@code login} if nobody may log in as it
 */
record AccountWords(Optional<PasswordHash> password, Map<String, String> attributes) {

    private static final Pattern QUOTA = Pattern.compile("([1-9][0-9]{0,14})([KMGT]?)");
    private static final Pattern LETTERS = Pattern.compile("[A-Za-z]{1,12}");
    private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    static AccountWords of(Address address, List<String> words, int maxMemory) {
        try {
            return read(words, maxMemory);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException("account " + address + ": " + wrong.getMessage(), wrong);
        }
    }

    private static AccountWords read(List<String> words, int maxMemory) {
        Optional<PasswordHash> password = Optional.empty();
        Map<String, String> attributes = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            switch (key) {
                case "password" -> password = Optional.of(PasswordHash.parse(value, maxMemory));
                case "quota" -> attributes.put(key, quota(value));
                case "tenant" -> attributes.put(key, tenant(value));
                case "login" -> attributes.put(key, login(value));
                default -> throw new IllegalArgumentException(
                        begin(key) + " is unknown; allowed: password=HASH, quota=OCTETS, tenant=NAME, login=no");
            }
            if (!seen.add(key)) {
                throw new IllegalArgumentException(key + " is there twice");
            }
        }
        return new AccountWords(password, attributes);
    }

    // whatever stands in the place of a password is not shown
    private static String begin(String key) {
        Matcher letters = LETTERS.matcher(key);
        return letters.matches() ? "'" + key + "'" : "what follows";
    }

    private static String quota(String value) {
        Matcher quota = QUOTA.matcher(value);
        if (!quota.matches()) {
            throw new IllegalArgumentException(
                    "quota " + DirectoryReader.shown(value)
                            + " is no size; allowed: octets, or with K, M, G or T as in 500M");
        }
        int shift = 10 * (" KMGT".indexOf(quota.group(2).isEmpty() ? " " : quota.group(2)));
        long octets = Long.parseLong(quota.group(1));
        if (octets > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("quota " + value + " is larger than any disk");
        }
        return Long.toString(octets << shift);
    }

    private static String login(String value) {
        if (!value.equals("no")) {
            throw new IllegalArgumentException("login " + DirectoryReader.shown(value)
                    + " is unknown; allowed: no, so that nobody logs in as this account");
        }
        return value;
    }

    private static String tenant(String value) {
        if (!TENANT.matcher(value).matches()) {
            throw new IllegalArgumentException("tenant " + DirectoryReader.shown(value)
                    + " is no name; allowed: up to 63 letters, digits, dots, hyphens and underscores");
        }
        return value;
    }
}
