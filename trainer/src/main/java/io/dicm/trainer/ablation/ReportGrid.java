package io.dicm.trainer.ablation;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table as people read it.
 *
 * @param title above it
 * @param header a cell for each column
 * @param rows as many cells each; the first is a name, the others are figures
 */
record ReportGrid(String title, List<String> header, List<List<String>> rows) {
  ReportGrid {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** Columns of equal width, figures to the right. */
  String text() {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      widths[i] =
          Math.max(
              header.get(i).length(),
              rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
    }
    return title
        + "\n"
        + "-".repeat(title.length())
        + "\n"
        + padded(header, widths)
        + rows.stream().map(row -> padded(row, widths)).collect(Collectors.joining());
  }

  /** GitHub's tables. */
  String markdown() {
    return "### "
        + title
        + "\n\n"
        + piped(header)
        + "|---|"
        + "---:|".repeat(header.size() - 1)
        + "\n"
        + rows.stream().map(ReportGrid::piped).collect(Collectors.joining());
  }

  private static String padded(List<String> cells, int[] widths) {
    return IntStream.range(0, widths.length)
            .mapToObj(
                i -> {
                  String blanks = " ".repeat(widths[i] - cells.get(i).length());
                  return i == 0 ? cells.get(i) + blanks : blanks + cells.get(i);
                })
            .collect(Collectors.joining("  "))
            .stripTrailing()
        + "\n";
  }

  private static String piped(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |\n";
  }
}
