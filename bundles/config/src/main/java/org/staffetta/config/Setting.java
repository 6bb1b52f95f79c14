package org.staffetta.config;

/**
 * A key and its value as somebody wrote it.
 *
 * @param key e.g. {@code listener.smtp.port}
 * @param text the value, unescaped, its variables not replaced
 * @param origin where it stands
 */
record Setting(String key, String text, Origin origin) {

    /**
     * A place.
     *
     * @param file as people know it, e.g. {@code conf/staffetta.properties}
     * @param line counted from 1; 0 if the place has no lines
     */
    record Origin(String file, int line) {

        /** Given at the start of the server: wins over the files. */
        static final Origin OVERRIDE = new Origin("--set", 0);

        @Override
        public String toString() {
            return line == 0 ? file : file + ":" + line;
        }
    }
}
