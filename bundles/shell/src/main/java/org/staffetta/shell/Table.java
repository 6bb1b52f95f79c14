package org.staffetta.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows with aligned columns for people. */
final class Table {

    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        this.head = List.of(head);
    }

    /** Adds a row with a cell for each column. */
    void row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> clean(String.valueOf(cell))).toList());
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Prints the head and all rows; numbers stand to the right. */
    void print(PrintStream out) {
        int[] widths = new int[head.size()];
        boolean[] numbers = new boolean[head.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(head.get(i).length(),
                    rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
            numbers[i] = !rows.isEmpty() && rows.stream().allMatch(row -> row.get(column).matches("[0-9]+"));
        }
        line(head, widths, numbers, out);
        rows.forEach(row -> line(row, widths, numbers, out));
    }

    /** The text without anything that could steer a terminal. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.chars().forEach(c -> clean.append(isHarmless((char) c) ? (char) c : '?'));
        return clean.toString();
    }

    /** Whether a character shows as itself: no control, no line or paragraph separator, nothing that turns the direction of writing. */
    static boolean isHarmless(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static void line(List<String> cells, int[] widths, boolean[] numbers, PrintStream out) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - cells.get(i).length());
            line.append(numbers[i] ? blanks + cells.get(i) : cells.get(i) + blanks).append("  ");
        }
        out.println(line.toString().stripTrailing());
    }
}
