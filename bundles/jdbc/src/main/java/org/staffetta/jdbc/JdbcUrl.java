package org.staffetta.jdbc;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where a database is.
 *
 * @param text for the driver
 * @param kind which database
 */
public record JdbcUrl(String text, Kind kind) {

    private static final String ALLOWED = "allowed: jdbc:postgresql://<host>/<database>, jdbc:h2:<file>";

    /** The databases that are known. */
    public enum Kind {

        /** The server. */
        POSTGRESQL("jdbc:postgresql:", "org.postgresql.Driver"),

        /** The embedded one. */
        H2("jdbc:h2:", "org.h2.Driver");

        private final String prefix;
        private final String driver;

        Kind(String prefix, String driver) {
            this.prefix = prefix;
            this.driver = driver;
        }

        /** The driver's class, as its service names it. */
        public String driver() {
            return driver;
        }
    }

    /**
     * Reads what an administrator wrote.
     *
     * @param data what an embedded database's file is relative to
     * @throws IllegalArgumentException if that is no database we know: its message says what is allowed, and no password that may stand in it
     */
    public static JdbcUrl parse(String text, Path data) {
        if (text.startsWith(Kind.POSTGRESQL.prefix)) {
            return new JdbcUrl(text, Kind.POSTGRESQL);
        }
        if (text.startsWith(Kind.H2.prefix)) {
            return new JdbcUrl(h2(text.substring(Kind.H2.prefix.length()), data), Kind.H2);
        }
        throw new IllegalArgumentException("url names no database that is known; " + ALLOWED);
    }

    /** What goes without saying for this database, except what the URL says itself. */
    Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        if (kind == Kind.POSTGRESQL) {
            defaults.put("ApplicationName", "staffetta");
            defaults.put("connectTimeout", "10");
            defaults.put("socketTimeout", "120");
            defaults.put("tcpKeepAlive", "true");
            defaults.put("reWriteBatchedInserts", "true");
            String said = text.toLowerCase(Locale.ROOT);
            defaults.keySet().removeIf(key -> said.contains(key.toLowerCase(Locale.ROOT) + "="));
        }
        return defaults;
    }

    /** Without what may be secret. */
    String withoutParameters() {
        return text.replaceAll("[?;].*", "").replaceAll("//.*@", "//");
    }

    @Override
    public String toString() {
        return withoutParameters();
    }

    // an interrupt of any thread in H2's usual file closes it for all; files opened as async: do not mind
    private static String h2(String rest, Path data) {
        String place = rest.replaceAll(";.*", "");
        String options = rest.substring(place.length());
        String file = place.startsWith("file:") ? place.substring("file:".length()) : place;
        if (file.isBlank()) {
            throw new IllegalArgumentException("url names no file; " + ALLOWED);
        }
        if (file.matches("[a-z][a-z0-9]+:.*")) {
            return "jdbc:h2:" + rest;
        }
        Path path = file.startsWith("~") ? Path.of(file) : data.resolve(file).toAbsolutePath().normalize();
        return "jdbc:h2:async:" + path + option(options, "DB_CLOSE_ON_EXIT", "FALSE")
                + option(options, "LOCK_TIMEOUT", "10000") + options;
    }

    private static String option(String options, String name, String value) {
        return options.toUpperCase(Locale.ROOT).contains(";" + name + "=") ? "" : ";" + name + "=" + value;
    }
}
