package org.staffetta.identity;

import java.util.Map;
import java.util.TreeMap;

/** A set of code points. */
final class Ranges {

    private final TreeMap<Integer, Integer> lastByFirst = new TreeMap<>();

    private Ranges() {}

    /** Of hexadecimal numbers and ranges: {@code "ad 200b-200f"}. */
    static Ranges of(String text) {
        Ranges ranges = new Ranges();
        for (String range : text.split(" ", -1)) {
            String[] ends = range.split("-", -1);
            ranges.lastByFirst.put(Integer.parseInt(ends[0], 16), Integer.parseInt(ends[ends.length - 1], 16));
        }
        return ranges;
    }

    boolean contains(int c) {
        Map.Entry<Integer, Integer> range = lastByFirst.floorEntry(c);
        return range != null && c <= range.getValue();
    }
}
