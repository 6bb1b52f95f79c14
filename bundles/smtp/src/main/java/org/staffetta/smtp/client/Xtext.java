package org.staffetta.smtp.client;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The encoding of ENVID and ORCPT (RFC 3461 section 4): printable ASCII, and {@code +XX} for each octet that is not, for
 * {@code +} and for {@code =}. Other characters go as the octets of their UTF-8; for an ORCPT of type {@code utf-8}, RFC 6533 has an encoding
 * of its own.
 */
public final class Xtext {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Xtext() {}

    /** Encodes; the result has no character that could end a parameter or a line. */
    public static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 8);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet > 0x20 && octet < 0x7f && octet != '+' && octet != '=') {
                encoded.append((char) octet);
            } else {
                encoded.append('+').append(HEX.toHexDigits(octet));
            }
        }
        return encoded.toString();
    }

    /**
     * Decodes.
     *
     * @throws IllegalArgumentException if the text is not xtext
     */
    public static String decode(String xtext) {
        byte[] octets = new byte[xtext.length()];
        int count = 0;
        int i = 0;
        while (i < xtext.length()) {
            char c = xtext.charAt(i);
            if (c == '+') {
                octets[count++] = hexadecimal(xtext, i + 1);
                i += 3;
            } else if (c > 0x20 && c < 0x7f && c != '=') {
                octets[count++] = (byte) c;
                i++;
            } else {
                throw new IllegalArgumentException("not xtext: a character at " + i + " must be encoded");
            }
        }
        return new String(octets, 0, count, StandardCharsets.UTF_8);
    }

    // hexchar is "+" and two digits, the letters in upper case (RFC 3461 section 4)
    private static byte hexadecimal(String xtext, int from) {
        boolean good = from + 2 <= xtext.length() && xtext.substring(from, from + 2).matches("[0-9A-F]{2}");
        if (!good) {
            throw new IllegalArgumentException("not xtext: a '+' at " + (from - 1) + " without two digits");
        }
        return (byte) HexFormat.fromHexDigits(xtext, from, from + 2);
    }
}
