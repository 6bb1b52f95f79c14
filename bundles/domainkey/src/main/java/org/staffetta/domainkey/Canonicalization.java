package org.staffetta.domainkey;

import java.util.Locale;

/** The two ways to make small changes on the way not matter (RFC 6376 section 3.4). */
public enum Canonicalization {

    /** Next to nothing may change. */
    SIMPLE {
        @Override
        public String field(String field) {
            return field;
        }
    },

    /** White space may change, folding too, and the case of field names. */
    RELAXED {
        @Override
        public String field(String field) {
            int colon = field.indexOf(':');
            StringBuilder canonical = new StringBuilder(field.length());
            canonical.append(TagList.trim(field.substring(0, colon)).toLowerCase(Locale.ROOT)).append(':');
            int start = canonical.length();
            boolean blank = false;
            for (int i = colon + 1; i < field.length(); i++) {
                char c = field.charAt(i);
                if (TagList.isBlank(c)) {
                    blank = canonical.length() > start;
                } else {
                    canonical.append(blank ? " " : "").append(c);
                    blank = false;
                }
            }
            return canonical.toString();
        }
    };

    /** A header field, its name and colon included, without the CRLF at its end. */
    public abstract String field(String field);

    /** As it stands in {@code c=}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those of header and body.
     *
     * @param header for the header fields
     * @param body for the body
     */
    public record Pair(Canonicalization header, Canonicalization body) {

        /** What most use. */
        public static final Pair RELAXED = new Pair(Canonicalization.RELAXED, Canonicalization.RELAXED);

        /** Where nothing is said (RFC 6376 section 3.5). */
        public static final Pair SIMPLE = new Pair(Canonicalization.SIMPLE, Canonicalization.SIMPLE);

        static Pair of(TagList tags, Pair otherwise) throws UnverifiedException {
            String text = tags.get("c").orElse(otherwise.word());
            int slash = text.indexOf('/');
            String header = slash < 0 ? text : text.substring(0, slash);
            String body = slash < 0 ? Canonicalization.SIMPLE.word() : text.substring(slash + 1);
            return new Pair(one(header, tags), one(body, tags));
        }

        /** As it stands in {@code c=}. */
        public String word() {
            return header.word() + "/" + body.word();
        }

        private static Canonicalization one(String word, TagList tags) throws UnverifiedException {
            return switch (word) {
                case "simple" -> Canonicalization.SIMPLE;
                case "relaxed" -> Canonicalization.RELAXED;
                default -> throw tags.malformed("c");
            };
        }
    }
}
