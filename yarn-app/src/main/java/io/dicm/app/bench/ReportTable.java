package io.dicm.app.bench;

import io.dicm.app.bench.BenchReport.Figure;
import io.dicm.app.bench.BenchReport.Limit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A {@link BenchReport} as text for people: the machine, what was chosen, tables of the figures
 * with the groups on the shorter side, the limits, the notes.
 */
public final class ReportTable {
  private static final String BYTES = "bytes";

  /** From here to 1 three digits would say 1: a cosine's difference from it is what counts. */
  private static final double NEARLY_ONE = 0.9995;

  private final BenchReport report;

  public ReportTable(BenchReport report) {
    this.report = report;
  }

  /** All lines, each ended by a line feed. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("bench ").append(report.part()).append('\n');
    text.append(report.machine().oneLine()).append('\n');
    report.settings().forEach((name, value) -> text.append(name + " = " + value + "\n"));
    if (!report.figures().isEmpty()) {
      tables().forEach(figures -> text.append('\n').append(aligned(lines(figures))));
    }
    if (!report.limits().isEmpty()) {
      text.append('\n').append(aligned(limits()));
    }
    if (!report.notes().isEmpty()) {
      text.append('\n');
      report.notes().forEach(note -> text.append(note).append('\n'));
    }
    return text.toString();
  }

  /** Groups that have no figure in common stand in tables of their own. */
  private List<List<Figure>> tables() {
    Map<String, List<Figure>> groups = new LinkedHashMap<>();
    for (Figure figure : report.figures()) {
      groups.computeIfAbsent(figure.group(), first -> new ArrayList<>()).add(figure);
    }
    List<List<Figure>> tables = new ArrayList<>();
    for (List<Figure> group : groups.values()) {
      List<Figure> last = tables.isEmpty() ? List.of() : tables.get(tables.size() - 1);
      Set<String> names = last.stream().map(Figure::name).collect(Collectors.toSet());
      if (group.stream().map(Figure::name).anyMatch(names::contains)) {
        last.addAll(group);
      } else {
        tables.add(new ArrayList<>(group));
      }
    }
    return tables;
  }

  private static List<List<String>> lines(List<Figure> figures) {
    Map<String, String> units = new LinkedHashMap<>();
    Map<String, Map<String, Figure>> groups = new LinkedHashMap<>();
    for (Figure figure : figures) {
      units.putIfAbsent(figure.name(), figure.unit());
      groups
          .computeIfAbsent(figure.group(), first -> new LinkedHashMap<>())
          .put(figure.name(), figure);
    }
    return groups.size() <= units.size() ? byName(units, groups) : byGroup(units, groups);
  }

  /** A line a name, a column a group. */
  private static List<List<String>> byName(
      Map<String, String> units, Map<String, Map<String, Figure>> groups) {
    List<List<String>> lines = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of("figure", "unit"));
    groups.keySet().forEach(group -> heading.add(group.isEmpty() ? "value" : group));
    lines.add(heading);
    units.forEach(
        (name, unit) -> {
          List<String> line = new ArrayList<>(List.of(name, unit));
          groups.values().forEach(figures -> line.add(value(figures.get(name))));
          lines.add(line);
        });
    return lines;
  }

  /** A line a group, a column a name. */
  private static List<List<String>> byGroup(
      Map<String, String> units, Map<String, Map<String, Figure>> groups) {
    List<List<String>> lines = new ArrayList<>();
    List<String> heading = new ArrayList<>(List.of(""));
    units.forEach((name, unit) -> heading.add(unit.isEmpty() ? name : name + " (" + unit + ")"));
    lines.add(heading);
    groups.forEach(
        (group, figures) -> {
          List<String> line = new ArrayList<>(List.of(group));
          units.keySet().forEach(name -> line.add(value(figures.get(name))));
          lines.add(line);
        });
    return lines;
  }

  private List<List<String>> limits() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("limit", "unit", "measured", "reached", "fraction"));
    for (Limit limit : report.limits()) {
      lines.add(
          List.of(
              limit.name(),
              limit.unit(),
              number(limit.measured()),
              number(limit.reached()),
              number(limit.fraction())));
    }
    return lines;
  }

  private static String value(Figure figure) {
    if (figure == null) {
      return "";
    }
    return figure.unit().equals(BYTES) ? bytes(figure.value()) : number(figure.value());
  }

  /**
   * Three digits behind the point, more where the number is small or just below 1, fewer where it
   * is large.
   */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 1000 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    if (size > NEARLY_ONE && size < 1) {
      return String.format(Locale.ROOT, "%.6f", value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.1f" : size >= 0.1 ? "%.3f" : "%.5f", value);
  }

  static String bytes(double bytes) {
    if (bytes < 1e3) {
      return String.format(Locale.ROOT, "%.0f", bytes);
    }
    return bytes < 1e6
        ? String.format(Locale.ROOT, "%.1fK", bytes / 1e3)
        : bytes < 1e9
            ? String.format(Locale.ROOT, "%.1fM", bytes / 1e6)
            : String.format(Locale.ROOT, "%.2fG", bytes / 1e9);
  }

  /** The first column to the left, all others to the right, but a second one of words. */
  private static String aligned(List<List<String>> lines) {
    int columns = lines.get(0).size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    boolean unitsSecond = columns > 1 && lines.get(0).get(1).equals("unit");
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      StringBuilder one = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        boolean left = i == 0 || (i == 1 && unitsSecond);
        String cell =
            ("%" + (left ? "-" : "") + Math.max(1, widths[i]) + "s").formatted(line.get(i));
        one.append(i == 0 ? "" : "  ").append(cell);
      }
      text.append(one.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
