package org.staffetta.router;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;

/** When two domain names mean the same. */
final class Domains {

    private Domains() {}

    /**
     * A domain as it is compared: A-labels in lower case. A U-label that has no A-label of its own, as those with a character that IDNA 2003 maps
     * to others, stays as it is: rather are two names different that someone thinks the same than the other way round.
     */
    static String canonical(String domain) {
        // after lower case again, for there are letters with a mark that have one character in lower case only
        String name = nfc(nfc(domain).toLowerCase(Locale.ROOT));
        if (name.chars().allMatch(c -> c < 0x80) && !name.contains("xn--")) {
            return name;
        }
        String unicode = IDN.toUnicode(name);
        try {
            String ascii = IDN.toASCII(unicode);
            return IDN.toUnicode(ascii).equals(unicode) ? ascii : unicode;
        } catch (IllegalArgumentException noAscii) {
            return unicode;
        }
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
