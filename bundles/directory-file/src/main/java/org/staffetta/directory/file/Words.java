package org.staffetta.directory.file;

import java.util.ArrayList;
import java.util.List;

/** Cuts a line into words. */
final class Words {

    private Words() {}

    /**
     * The words of a line without its comment.
     *
     * @param commas whether a comma separates as white space does
     * @throws IllegalArgumentException if a quotation mark is never closed
     */
    static List<String> of(String line, boolean commas) {
        List<String> words = new ArrayList<>();
        int i = 0;
        while (i < line.length()) {
            if (separates(line.charAt(i), commas)) {
                i++;
                continue;
            }
            if (line.charAt(i) == '#') {
                break;
            }
            int end = end(line, i, commas);
            words.add(line.substring(i, end));
            i = end;
        }
        return words;
    }

    private static int end(String line, int from, boolean commas) {
        boolean quoted = false;
        int i = from;
        while (i < line.length() && (quoted || !separates(line.charAt(i), commas))) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            i += quoted && c == '\\' ? 2 : 1;
        }
        if (quoted) {
            throw new IllegalArgumentException("a quotation mark is not closed");
        }
        return i;
    }

    private static boolean separates(char c, boolean commas) {
        return c == ' ' || c == '\t' || commas && c == ',';
    }
}
