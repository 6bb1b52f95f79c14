package org.staffetta.smtp;

import java.util.HexFormat;

/** The encoding of ENVID, ORCPT and the AUTH parameter: {@code +2B} for a plus sign (RFC 3461 section 4). */
public final class Xtext {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Xtext() {}

    /**
     * Encodes printable ASCII and space.
     *
     * @throws IllegalArgumentException if there is another character
     */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (char c : text.toCharArray()) {
            requirePrintable(c);
            if (c == '+' || c == '=' || c == ' ') {
                encoded.append('+').append(HEX.toHexDigits((byte) c));
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }

    /**
     * Decodes.
     *
     * @throws IllegalArgumentException if this is not xtext, or stands for something other than printable ASCII and space
     */
    public static String decode(String xtext) {
        StringBuilder text = new StringBuilder(xtext.length());
        int i = 0;
        while (i < xtext.length()) {
            char c = xtext.charAt(i++);
            if (c == '+') {
                c = octet(xtext, i);
                i += 2;
            } else if (c == '=' || c == ' ') {
                throw new IllegalArgumentException("xtext has a character that must be encoded");
            }
            text.append(requirePrintable(c));
        }
        return text.toString();
    }

    // two digits in upper case; HexFormat alone would take lower case as well
    private static char octet(String xtext, int at) {
        if (at + 2 > xtext.length() || !isUpperHex(xtext.charAt(at)) || !isUpperHex(xtext.charAt(at + 1))) {
            throw new IllegalArgumentException("xtext has a plus sign without two digits in upper case");
        }
        return (char) HexFormat.fromHexDigits(xtext, at, at + 2);
    }

    private static boolean isUpperHex(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'F';
    }

    private static char requirePrintable(char c) {
        if (c < ' ' || c > '~') {
            throw new IllegalArgumentException("only printable ASCII can stand here");
        }
        return c;
    }
}
