package org.staffetta.mailbox.maildir;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The letters behind {@code :2,} of a file's name, and what they mean (<a href="https://cr.yp.to/proto/maildir.html">Maildir</a>; RFC 9051 section
 * 2.3.2). A lower case letter is a keyword of Dovecot's, which alone knows its name: it is passed on as {@code $Maildir-a}.
 */
final class Flags {

    private static final Map<Character, String> NAMES = Map.of('D', "\\Draft", 'F', "\\Flagged", 'P', "$Forwarded", 'R',
            "\\Answered", 'S', "\\Seen", 'T', "\\Deleted");
    private static final Map<String, Character> LETTERS = NAMES.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
    private static final String OTHER = "$Maildir-";

    private Flags() {}

    /** What letters mean; those that mean nothing are left out. */
    static Set<String> of(String letters) {
        Set<String> flags = new TreeSet<>();
        for (char letter : letters.toCharArray()) {
            if (NAMES.containsKey(letter)) {
                flags.add(NAMES.get(letter));
            } else if (letter >= 'a' && letter <= 'z') {
                flags.add(OTHER + letter);
            }
        }
        return flags;
    }

    /** The letters of flags, in the order of the alphabet as Maildir wants them. */
    static String letters(Set<String> flags) {
        return flags.stream().filter(Flags::hasLetter).map(Flags::letter).sorted().collect(Collectors.joining());
    }

    /** The flags that no letter stands for, sorted. */
    static List<String> keywords(Set<String> flags) {
        return flags.stream().filter(flag -> !hasLetter(flag)).sorted().toList();
    }

    private static boolean hasLetter(String flag) {
        return LETTERS.containsKey(flag) || flag.matches("\\$Maildir-[a-z]");
    }

    private static String letter(String flag) {
        Character letter = LETTERS.get(flag);
        return letter == null ? flag.substring(OTHER.length()) : letter.toString();
    }
}
