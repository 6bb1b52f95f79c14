package org.staffetta.domainkey;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.staffetta.api.mail.Header;

/** Writes fields that sign, folded, with {@code b=} as their last tag. */
public final class FieldSigner {

    private static final int LINE = 76;

    private final SigningKey key;

    /** Signs with a key. */
    public FieldSigner(SigningKey key) {
        this.key = key;
    }

    /**
     * Signs header fields and the body.
     *
     * @param name of the field that signs
     * @param tags of it in their order, but for those that follow from the rest: {@code a}, {@code c}, {@code h}, {@code bh}, {@code b}
     * @param signedFields the names for {@code h=}
     * @param hashes with that of the body in the given canonicalization
     */
    public Header sign(String name, Map<String, String> tags, Canonicalization.Pair canonicalization,
            List<String> signedFields, HeaderFields fields, BodyHashes hashes) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.put("a", key.algorithm().word());
        all.put("c", canonicalization.word());
        all.put("h", String.join(":", signedFields));
        byte[] hash = hashes.hash(canonicalization.body(), Optional.empty());
        all.put("bh", Base64.getEncoder().encodeToString(hash));
        String unsigned = unsigned(name, all);
        List<Header> signed = fields.select(signedFields, new Header(unsigned));
        return signed(unsigned, SignatureField.signed(canonicalization.header(), signed, unsigned));
    }

    /**
     * Signs fields alone, relaxed.
     *
     * @param tags but for {@code a} and {@code b}
     * @param before the fields that are signed, in their order
     */
    public Header seal(String name, Map<String, String> tags, List<Header> before) {
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.put("a", key.algorithm().word());
        String unsigned = unsigned(name, all);
        return signed(unsigned, SignatureField.signed(Canonicalization.RELAXED, before, unsigned));
    }

    private Header signed(String unsigned, byte[] octets) {
        Folding folding = new Folding(unsigned);
        String signature = Base64.getEncoder().encodeToString(key.sign(octets));
        for (int i = 0; i < signature.length(); i += LINE - 10) {
            folding.append(signature.substring(i, Math.min(i + LINE - 10, signature.length())), false);
        }
        return new Header(folding.toString());
    }

    private static String unsigned(String name, Map<String, String> tags) {
        Folding folding = new Folding(name + ":");
        tags.forEach((tag, value) -> {
            List<String> words = words(tag + "=" + value + ";");
            for (int i = 0; i < words.size(); i++) {
                folding.append(words.get(i), i == 0);
            }
        });
        folding.append("b=", true);
        return folding.toString();
    }

    // a long list of names may be folded behind each colon
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ':' || i == text.length() - 1) {
                words.add(text.substring(start, i + 1));
                start = i + 1;
            }
        }
        return words;
    }

    /** A field that grows line by line. */
    private static final class Folding {

        private final StringBuilder field;
        private int column;

        Folding(String begin) {
            field = new StringBuilder(begin);
            column = begin.length() - (begin.lastIndexOf('\n') + 1);
        }

        void append(String word, boolean apart) {
            if (column + (apart ? 1 : 0) + word.length() > LINE) {
                field.append("\r\n\t");
                column = 1;
            } else if (apart) {
                field.append(' ');
                column++;
            }
            field.append(word);
            column += word.length();
        }

        @Override
        public String toString() {
            return field.toString();
        }
    }
}
