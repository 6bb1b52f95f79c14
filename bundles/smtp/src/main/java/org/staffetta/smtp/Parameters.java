package org.staffetta.smtp;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ESMTP parameters of MAIL and RCPT: which there are, and what they may say (RFC 5321 section 4.1.2). */
final class Parameters {

    private static final Set<String> NOTIFY = Set.of("SUCCESS", "FAILURE", "DELAY");
    private static final int MAX_ENVID = 100;
    private static final int MAX_ORCPT = 500;
    private static final int MAX_SIZE_DIGITS = 18;

    private Parameters() {}

    static Map<String, String> ofMail(String text) throws CommandException {
        Map<String, String> parameters = parse(text);
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            parameter.setValue(mailValue(parameter.getKey(), parameter.getValue()));
        }
        return parameters;
    }

    static Map<String, String> ofRcpt(String text) throws CommandException {
        Map<String, String> parameters = parse(text);
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            parameter.setValue(rcptValue(parameter.getKey(), parameter.getValue()));
        }
        return parameters;
    }

    private static String mailValue(String key, String value) throws CommandException {
        String upper = Ascii.upper(value);
        switch (key) {
            case "SIZE" -> {
                // RFC 1870 section 3 allows 20 digits; nothing of that size exists
                require(Ascii.isNumber(value) && value.length() <= MAX_SIZE_DIGITS,
                        "SIZE is a number of octets");
                return value;
            }
            case "BODY" -> {
                require(upper.equals("7BIT") || upper.equals("8BITMIME"), "BODY is 7BIT or 8BITMIME");
                return upper;
            }
            case "SMTPUTF8" -> {
                require(value.isEmpty(), "SMTPUTF8 has no value");
                return value;
            }
            case "REQUIRETLS" -> {
                // RFC 8689 section 2
                require(value.isEmpty(), "REQUIRETLS has no value");
                return value;
            }
            case "RET" -> {
                require(upper.equals("FULL") || upper.equals("HDRS"), "RET is FULL or HDRS");
                return upper;
            }
            case "ENVID" -> {
                require(!value.isEmpty() && value.length() <= MAX_ENVID && isXtext(value),
                        "ENVID is xtext of at most 100 characters");
                return value;
            }
            case "AUTH" -> {
                // RFC 4954 section 5
                require(value.equals("<>") || !value.isEmpty() && isXtext(value), "AUTH is <> or an address in xtext");
                return value;
            }
            default -> throw unknown(key);
        }
    }

    private static String rcptValue(String key, String value) throws CommandException {
        switch (key) {
            case "NOTIFY" -> {
                String upper = Ascii.upper(value);
                List<String> when = Arrays.asList(upper.split(",", -1));
                require(upper.equals("NEVER") || NOTIFY.containsAll(when),
                        "NOTIFY is NEVER or a list of SUCCESS, FAILURE, DELAY");
                return upper;
            }
            case "ORCPT" -> {
                require(value.length() <= MAX_ORCPT && isOriginalRecipient(value),
                        "ORCPT is a type, a semicolon and an address in xtext");
                return value;
            }
            default -> throw unknown(key);
        }
    }

    // addr-type ";" xtext (RFC 3461 section 4.2); type utf-8 may have UTF-8 and \x{HEX} (RFC 6533 section 3)
    private static boolean isOriginalRecipient(String value) {
        int semicolon = value.indexOf(';');
        if (semicolon <= 0 || !value.substring(0, semicolon).chars().allMatch(Parameters::isKeyCharacter)) {
            return false;
        }
        String address = value.substring(semicolon + 1);
        boolean utf8 = value.regionMatches(true, 0, "utf-8;", 0, 6);
        return !address.isEmpty() && (utf8 || isXtext(address));
    }

    private static boolean isXtext(String value) {
        try {
            Xtext.decode(value);
            return true;
        } catch (IllegalArgumentException notXtext) {
            return false;
        }
    }

    private static Map<String, String> parse(String text) throws CommandException {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String word : text.split(" ", -1)) {
            if (!word.isEmpty()) {
                int equals = word.indexOf('=');
                String key = Ascii.upper(equals < 0 ? word : word.substring(0, equals));
                String value = equals < 0 ? "" : word.substring(equals + 1);
                require(isKey(key) && value.codePoints().allMatch(Parameters::isValueCharacter)
                        && (equals < 0 || !value.isEmpty()), "a parameter is KEY or KEY=value");
                require(parameters.put(key, value) == null, "a parameter is given twice");
            }
        }
        return parameters;
    }

    private static boolean isKey(String key) {
        return !key.isEmpty() && !key.startsWith("-") && key.chars().allMatch(Parameters::isKeyCharacter);
    }

    private static boolean isKeyCharacter(int c) {
        return Ascii.isLetterOrDigit(c) || c == '-';
    }

    // "=" is not in the grammar, yet xtext of other systems has been seen with it; it is judged with the key's own rule
    private static boolean isValueCharacter(int c) {
        return c > ' ' && c != 0x7f && (c < 0x80 || c > 0x9f);
    }

    private static CommandException unknown(String key) {
        // RFC 5321 section 4.1.1.11; the key is ASCII letters, digits and hyphens
        return new CommandException(555, "5.5.4",
                "there is no parameter " + key.substring(0, Math.min(key.length(), 32)));
    }

    private static void require(boolean kept, String rule) throws CommandException {
        if (!kept) {
            throw new CommandException(501, "5.5.4", rule);
        }
    }
}
