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
        String name = Normalizer.normalize(domain, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
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
}
