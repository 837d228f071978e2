package dev.windlass.cli.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.ColorScheme;

/** Rows under headings: aligned on a terminal, separated by tabs for other programs. */
final class Table {
    private static final int GAP = 2;

    private final ColorScheme colours;
    private final String[] headings;
    private final List<String[]> rows = new ArrayList<>();

    Table(ColorScheme colours, String... headings) {
        this.colours = colours;
        this.headings = headings;
    }

    /** Adds a row; null is an empty cell. */
    void row(@Nullable Object... cells) {
        var row = new String[headings.length];
        for (int i = 0; i < headings.length; i++) {
            row[i] = oneLine(i < cells.length ? Objects.toString(cells[i], "") : "");
        }
        rows.add(row);
    }

    void print(PrintWriter out) {
        if (colours.ansi().enabled()) {
            out.print(aligned());
        } else {
            out.println(String.join("\t", headings).toLowerCase(Locale.ROOT));
            rows.forEach(row -> out.println(String.join("\t", row)));
        }
        out.flush();
    }

    private String aligned() {
        var widths = new int[headings.length];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = headings[i].length();
            for (String[] row : rows) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        String head = colours.ansi().string("@|bold " + line(headings, widths) + "|@");
        var text = new StringBuilder(head).append(System.lineSeparator());
        rows.forEach(row -> text.append(line(row, widths)).append(System.lineSeparator()));
        return text.toString();
    }

    private static String line(String[] cells, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(cells[i]);
            if (i < cells.length - 1) {
                line.append(" ".repeat(widths[i] - cells[i].length() + GAP));
            }
        }
        return line.toString();
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ⏎ ").replace('\t', ' ');
    }
}
