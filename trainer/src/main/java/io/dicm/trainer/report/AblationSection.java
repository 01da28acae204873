package io.dicm.trainer.report;

import io.dicm.trainer.ablation.AblationReport;
import io.dicm.trainer.ablation.ControlVerdict;
import io.dicm.trainer.ablation.Estimate;
import io.dicm.trainer.ablation.ResultRow;
import io.dicm.trainer.ablation.ResultTable;
import io.dicm.trainer.ablation.RowKind;
import io.dicm.trainer.ablation.SliceGain;
import io.dicm.trainer.ablation.SliceRow;
import io.dicm.trainer.ablation.SliceTable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What pictures are worth: an ablation's tables, its cold-start tables and its controls. */
final class AblationSection implements Section {
  private static final String GAUC = "gauc";
  private static final String AUC = "auc";

  @Override
  public String id() {
    return "ablation";
  }

  @Override
  public String title() {
    return "Ablation and cold start";
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(out, report.ablation(), ablation -> write(out, ablation));
  }

  private static void write(Markup out, AblationReport ablation) {
    out.element(
        "p",
        "Ablation “"
            + ablation.name()
            + "” of "
            + ablation.date()
            + ": "
            + ablation.protocol()
            + " protocol ("
            + ablation.split()
            + "), "
            + Numbers.count(ablation.testImpressions())
            + " test impressions, seeds "
            + ablation.seeds().stream().map(String::valueOf).collect(Collectors.joining(", "))
            + ".");
    ablation.tables().forEach(table -> results(out, table));
    if (!ablation.coldStart().isEmpty()) {
      out.element("h3", "Cold start");
      ablation.coldStart().forEach(table -> coldStart(out, table));
    }
    if (!ablation.controls().isEmpty()) {
      out.element("h3", "Controls");
      out.element("ul", list -> ablation.controls().forEach(one -> control(list, one)));
    }
    out.element(
        "p",
        "Gains are paired differences from the baseline, in units of GAUC; lines are their 95 %"
            + " intervals on one scale for each table, the thin vertical line is no gain, and an arrow"
            + " is a gain beyond the scale. Gains whose interval lies above 0 are bold.",
        "class",
        "note");
  }

  private static void results(Markup out, ResultTable table) {
    IntervalPlot plot = IntervalPlot.empty().with(0, 0);
    for (ResultRow row : table.rows()) {
      plot = extended(plot, row.kind(), row.gains().get(GAUC));
    }
    IntervalPlot scale = plot;
    new Table(
            table.title(),
            List.of("variant", "GAUC", "95 %", "gain", "95 %", "", "AUC", "AUC’s gain"))
        .write(
            out,
            rows -> {
              for (ResultRow row : table.rows()) {
                Estimate gauc = row.metrics().get(GAUC);
                Estimate gain = row.gains().get(GAUC);
                rows.row(
                    row.title(),
                    row.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    List.of(
                        value(gauc),
                        range(gauc, false),
                        gain(gain),
                        range(gain, true),
                        plotted(scale, gain),
                        value(row.metrics().get(AUC)),
                        gain(row.gains().get(AUC))));
              }
            });
  }

  private static void coldStart(Markup out, SliceTable table) {
    IntervalPlot plot = IntervalPlot.empty().with(0, 0);
    for (SliceRow row : table.rows()) {
      for (SliceGain gain : row.gains()) {
        plot = extended(plot, gain.kind(), gain.gains().get(GAUC));
      }
    }
    IntervalPlot scale = plot;
    List<String> columns = List.of("variant", "GAUC’s gain", "95 %", "", "AUC’s gain");
    new Table(table.title(), columns)
        .write(
            out,
            rows -> {
              for (SliceRow row : table.rows()) {
                Estimate baseline = row.baseline().get(GAUC);
                boolean tooFew = row.gains().stream().allMatch(one -> one.gains().isEmpty());
                rows.group(
                    row.value()
                        + ": "
                        + Numbers.count(row.impressions())
                        + " impressions"
                        + (baseline == null ? "" : ", baseline " + Numbers.metric(baseline.value()))
                        + (tooFew ? ", too few to compare" : ""),
                    columns.size());
                if (tooFew) {
                  continue;
                }
                for (SliceGain one : row.gains()) {
                  Estimate gain = one.gains().get(GAUC);
                  rows.row(
                      one.title(),
                      one.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                      List.of(
                          gain(gain),
                          range(gain, true),
                          plotted(scale, gain),
                          gain(one.gains().get(AUC))));
                }
              }
            });
  }

  private static void control(Markup list, ControlVerdict control) {
    list.element(
        "li",
        item -> {
          item.element("strong", control.asExpected() ? "As it must be: " : "Not as it must be: ");
          item.text(control.sentence());
        });
  }

  /** Without the positive control, whose gain would make all others dots beside each other. */
  private static IntervalPlot extended(IntervalPlot plot, RowKind kind, Estimate estimate) {
    return estimate == null || kind == RowKind.POSITIVE_CONTROL
        ? plot
        : plot.with(estimate.low(), estimate.high());
  }

  private static Markup.Content text(String text) {
    return cell -> cell.text(text);
  }

  private static Markup.Content value(Estimate estimate) {
    return text(estimate == null ? "–" : Numbers.metric(estimate.value()));
  }

  private static Markup.Content gain(Estimate estimate) {
    if (estimate == null) {
      return text("–");
    }
    String value = Numbers.signed(estimate.value());
    return estimate.showsGain() ? cell -> cell.element("strong", value) : text(value);
  }

  private static Markup.Content range(Estimate estimate, boolean signed) {
    if (estimate == null) {
      return text("–");
    }
    return text(
        signed
            ? Numbers.signed(estimate.low()) + " to " + Numbers.signed(estimate.high())
            : Numbers.metric(estimate.low()) + " – " + Numbers.metric(estimate.high()));
  }

  private static Markup.Content plotted(IntervalPlot scale, Estimate estimate) {
    return cell -> {
      if (estimate != null) {
        scale.write(cell, estimate.value(), estimate.low(), estimate.high(), 0);
      }
    };
  }
}
