package dev.marea.app.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell, as kubectl prints them. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        rows.add(List.of(header));
    }

    void row(String... cells) {
        rows.add(java.util.Arrays.stream(cells).map(Table::cell).toList());
    }

    private static String cell(String text) {
        return text.isEmpty() ? "-" : Printable.of(text);
    }

    void print(Console console) {
        var widths = new int[rows.getFirst().size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (var row : rows) {
            console.line(text(row, widths).stripTrailing());
        }
    }

    private static String text(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            var cell = row.get(i);
            line.append(cell);
            if (i < widths.length - 1) {
                line.repeat(' ', widths[i] - cell.length() + 3);
            }
        }
        return line.toString();
    }
}
