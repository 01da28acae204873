package io.dicm.trainer.ablation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** An ablation's report for people: on a terminal, and as a page. */
public final class AblationRendering {
  /** The page's name in the ablation's directory. */
  public static final String FILE = "ablation.md";

  private static final String NOT_DEFINED = "-";

  /** On a terminal, whatever letters it has. */
  private static final String DEVIATION = "+-";

  /** In the order of columns: the paper's first. */
  private static final Map<String, String> METRICS = metrics();

  private final AblationReport report;

  public AblationRendering(AblationReport report) {
    this.report = report;
  }

  /** Lines of text. */
  public String text() {
    return head()
        + "\n\n"
        + grids().stream().map(ReportGrid::text).collect(Collectors.joining("\n"))
        + "\n"
        + verdicts("");
  }

  /** A page in Markdown. */
  public String markdown() {
    String page =
        "## Ablation "
            + report.name()
            + "\n\n"
            + head()
            + "\n\n"
            + verdicts("- ")
            + "\n"
            + grids().stream().map(ReportGrid::markdown).collect(Collectors.joining("\n"));
    return page.replace(DEVIATION, "\u00b1");
  }

  private String head() {
    String trainings =
        report.seeds().size() == 1
            ? "one seed; its chance is not in the intervals"
            : report.seeds().size()
                + " seeds; "
                + DEVIATION
                + " beside a metric is the seeds' deviation";
    return String.format(
        Locale.ROOT,
        "%s, protocol %s (%s), %d test impressions.\nMeans of %s.\nGains are paired differences from the baseline with 95 %% intervals over users and seeds.",
        report.date(),
        report.protocol(),
        report.split(),
        report.testImpressions(),
        trainings);
  }

  private String verdicts(String bullet) {
    return report.controls().stream()
        .map(
            verdict ->
                bullet
                    + (verdict.asExpected() ? "" : "CONTROL FAILED. ")
                    + verdict.sentence()
                    + "\n")
        .collect(Collectors.joining());
  }

  private List<ReportGrid> grids() {
    List<ReportGrid> grids = new ArrayList<>();
    report.tables().forEach(table -> grids.add(grid(table)));
    for (SliceTable table : report.coldStart()) {
      METRICS.forEach((metric, title) -> grids.add(grid(table, metric, title)));
    }
    return grids;
  }

  private static ReportGrid grid(ResultTable table) {
    List<String> header = new ArrayList<>(List.of("variant"));
    METRICS.values().forEach(title -> header.addAll(List.of(title, title + " gain")));
    return new ReportGrid(
        table.title(), header, table.rows().stream().map(AblationRendering::cells).toList());
  }

  private static List<String> cells(ResultRow row) {
    List<String> cells = new ArrayList<>(List.of(row.title()));
    for (String metric : METRICS.keySet()) {
      cells.add(value(row.metrics().get(metric), row.seeds()));
      cells.add(gain(row.gains().get(metric)));
    }
    return cells;
  }

  /** Variants as rows, for they are more than a slice's values. */
  private static ReportGrid grid(SliceTable table, String metric, String title) {
    List<String> header = new ArrayList<>(List.of(title));
    List<String> impressions = new ArrayList<>(List.of("test impressions"));
    List<String> baseline = new ArrayList<>(List.of("no pictures (baseline)"));
    Map<String, List<String>> gains = new LinkedHashMap<>();
    for (SliceRow row : table.rows()) {
      header.add(row.value());
      impressions.add(Long.toString(row.impressions()));
      baseline.add(
          Optional.ofNullable(row.baseline().get(metric))
              .map(estimate -> format("%.4f", estimate.value()))
              .orElse(NOT_DEFINED));
      for (SliceGain gain : row.gains()) {
        gains
            .computeIfAbsent(gain.variant(), name -> new ArrayList<>(List.of(gain.title())))
            .add(shortGain(gain.gains().get(metric)));
      }
    }
    List<List<String>> rows = new ArrayList<>(List.of(impressions, baseline));
    rows.addAll(gains.values());
    return new ReportGrid(table.title() + ": " + title, header, rows);
  }

  private static String value(Estimate estimate, int seeds) {
    if (estimate == null) {
      return NOT_DEFINED;
    }
    return seeds > 1
        ? format("%.4f " + DEVIATION + " %.4f", estimate.value(), estimate.seedDeviation())
        : format("%.4f", estimate.value());
  }

  private static String gain(Estimate estimate) {
    return estimate == null
        ? NOT_DEFINED
        : format("%+.4f [%+.4f, %+.4f]", estimate.value(), estimate.low(), estimate.high());
  }

  /** Intervals are symmetrical. */
  private static String shortGain(Estimate estimate) {
    return estimate == null
        ? NOT_DEFINED
        : format(
            "%+.4f " + DEVIATION + " %.4f",
            estimate.value(),
            (estimate.high() - estimate.low()) / 2);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  private static Map<String, String> metrics() {
    Map<String, String> metrics = new LinkedHashMap<>();
    metrics.put("gauc", "GAUC");
    metrics.put("auc", "AUC");
    return metrics;
  }
}
