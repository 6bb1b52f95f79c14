package org.staffetta.filter.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.staffetta.smtp.idna.Idna;

/** Domain names as DNS takes them, and addresses as people write them. */
final class Domains {

    private static final int LONGEST = 253;
    private static final int LONGEST_LABEL = 63;

    private static final Pattern ZEROS = Pattern.compile("(?<![0-9a-f])0(?::0)+(?![0-9a-f])");

    private Domains() {}

    /** An address as RFC 5952 writes it: the longest run of zeros is left out. */
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        if (address instanceof Inet4Address) {
            return text;
        }
        int start = 0;
        int end = 0;
        Matcher runs = ZEROS.matcher(text);
        while (runs.find()) {
            if (runs.end() - runs.start() > end - start) {
                start = runs.start();
                end = runs.end();
            }
        }
        if (end == 0) {
            return text;
        }
        String before = start == 0 ? "" : text.substring(0, start - 1);
        String after = end == text.length() ? "" : text.substring(end + 1);
        return before + "::" + after;
    }

    /** The name with A-labels (RFC 8616 section 4); as it is if it cannot be written so. */
    static String ascii(String domain) {
        try {
            return domain.chars().allMatch(c -> c < 0x80) ? domain : Idna.toAscii(domain);
        } catch (IllegalArgumentException notIdna) {
            return domain;
        }
    }

    /** Whether mail could have that domain (section 4.3): two labels or more, none empty or too long. */
    static boolean isSender(String domain) {
        return isName(domain) && domain.indexOf('.', 0) > 0 && domain.indexOf('.') < domain.length() - 1
                && domain.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '[');
    }

    /** Whether DNS can be asked for it. */
    static boolean isName(String domain) {
        String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        if (name.isEmpty() || name.length() > LONGEST) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (i == start || i - start > LONGEST_LABEL) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    /** What came of macros, cut from the left to a length that DNS takes (section 7.3). */
    static String shortened(String domain) {
        String name = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        while (name.length() > LONGEST && name.indexOf('.') >= 0) {
            name = name.substring(name.indexOf('.') + 1);
        }
        return name;
    }

    /** Whether a name is a domain, or stands under it. */
    static boolean isIn(String name, String domain) {
        int begin = name.length() - domain.length();
        return begin >= 0 && name.regionMatches(true, begin, domain, 0, domain.length())
                && (begin == 0 || name.charAt(begin - 1) == '.');
    }
}
