package org.staffetta.identity;

import java.net.IDN;
import java.util.Locale;

/** When two names mean the same. */
public final class Names {

    private Names() {}

    /** A local part as it is compared: NFC, lower case. */
    public static String localPart(String localPart) {
        return normalize(localPart);
    }

    /**
     * A domain as it is compared: A-labels in lower case. A U-label that has no A-label of its own, as those with a character that IDNA 2003 maps
     * to others, stays as it is: rather are two names different that someone thinks the same than the other way round.
     */
    public static String domain(String domain) {
        String name = normalize(domain);
        if (isAscii(name) && !name.contains("xn--")) {
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

    private static String normalize(String text) {
        // after lower case, for there are letters with a mark that have one character in lower case only
        return isAscii(text) ? text.toLowerCase(Locale.ROOT) : Precis.nfc(Precis.nfc(text).toLowerCase(Locale.ROOT));
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
