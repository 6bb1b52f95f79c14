package org.staffetta.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param origin where: {@code conf/staffetta.properties:12} or {@code --set}
 * @param setting what: the key, its value as written where that is the problem, or empty where there is no key
 * @param text why, and what is allowed
 */
record Problem(String origin, String setting, String text) {

    private static final int LONGEST_VALUE = 100;

    /** A problem with the value of a key. */
    static Problem of(Setting setting, String text) {
        return new Problem(setting.origin().toString(), setting.key() + " = " + shown(setting.text()), text);
    }

    /** A problem with a key; the value is not shown, for it may be a password behind a key that was mistyped. */
    static Problem ofKey(Setting setting, String text) {
        return new Problem(setting.origin().toString(), setting.key(), text);
    }

    /** A problem with a value that people must not see. */
    static Problem ofSecret(Setting setting, String text) {
        return new Problem(setting.origin().toString(), setting.key() + " = ********", text);
    }

    /** The one line that people see. */
    @Override
    public String toString() {
        return origin + ": " + (setting.isEmpty() ? "" : setting + ": ") + text;
    }

    private static String shown(String value) {
        String cut = value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) + "…" : value;
        return cut.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }
}
