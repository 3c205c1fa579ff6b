package dev.heddle.bench.field;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** A table in Markdown, as easy to read where nobody renders it. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> head) {
    rows.add(head);
  }

  void add(List<String> row) {
    rows.add(row);
  }

  /** Rows become columns. */
  Table turned() {
    Table turned = new Table(column(0));
    IntStream.range(1, rows.getFirst().size()).forEach(i -> turned.add(column(i)));
    return turned;
  }

  private List<String> column(int column) {
    return rows.stream().map(row -> row.get(column)).toList();
  }

  @Override
  public String toString() {
    List<Integer> widths =
        IntStream.range(0, rows.getFirst().size())
            .mapToObj(i -> Collections.max(column(i).stream().map(String::length).toList()))
            .toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      text.append(line(rows.get(i), widths)).append('\n');
      if (i == 0) {
        text.append(rule(widths)).append('\n');
      }
    }
    return text.toString();
  }

  /** Names to the left, figures to the right. */
  private static String line(List<String> row, List<Integer> widths) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < row.size(); i++) {
      String padding = " ".repeat(widths.get(i) - row.get(i).length());
      line.append(' ').append(i == 0 ? row.get(i) + padding : padding + row.get(i)).append(" |");
    }
    return line.toString();
  }

  private static String rule(List<Integer> widths) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.size(); i++) {
      line.append('-').append("-".repeat(widths.get(i))).append(i == 0 ? "-|" : ":|");
    }
    return line.toString();
  }
}
