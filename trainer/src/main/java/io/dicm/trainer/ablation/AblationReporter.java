package io.dicm.trainer.ablation;

import io.dicm.trainer.evaluate.Metrics;
import io.dicm.trainer.evaluate.Slice;
import io.dicm.trainer.evaluate.SliceMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Makes an ablation's report of the metrics of its runs. */
public final class AblationReporter {
  private static final String ALL = Slice.ALL.label();

  private final AblationPlan plan;
  private final AblationResults results;

  /**
   * @param runs of all variants of the plan
   */
  AblationReporter(AblationPlan plan, List<EvaluatedRun> runs) {
    this.plan = plan;
    this.results = new AblationResults(runs);
  }

  /**
   * Reads the metrics of all runs.
   *
   * @param metrics the metrics partition of a run's name
   * @throws io.dicm.common.error.DicmException {@link io.dicm.common.error.ErrorCode#INPUT_MISSING}
   *     when one is not there, {@link io.dicm.common.error.ErrorCode#INPUT_INVALID} when they are
   *     of different impressions
   */
  public static AblationReporter read(
      Configuration conf, AblationPlan plan, Function<String, Path> metrics) throws IOException {
    List<EvaluatedRun> runs = new ArrayList<>();
    for (PlannedRun run : plan.runs()) {
      if (run.work().evaluates()) {
        runs.add(EvaluatedRun.read(conf, run, metrics.apply(run.name())));
      }
    }
    return new AblationReporter(plan, runs);
  }

  /**
   * The report.
   *
   * @param date the dt partition of the runs
   */
  public AblationReport report(String date) {
    AblationRequest request = plan.request();
    return new AblationReport(
        AblationReport.FORMAT_VERSION,
        request.name(),
        date,
        request.samples().protocol().label(),
        request.samples().split(),
        request.seeds(),
        baseline().impressions(ALL, ALL),
        results.all().stream().map(AblationReporter::runMetrics).toList(),
        tables(),
        coldStart(),
        new ControlCheck(results).verdicts());
  }

  private EvaluatedRun baseline() {
    return results.runs(VariantCatalogue.BASELINE).get(0);
  }

  private static RunMetrics runMetrics(EvaluatedRun run) {
    return new RunMetrics(
        run.run().variant(), run.run().seed(), run.run().name(), run.evaluation().metrics());
  }

  private List<ResultTable> tables() {
    List<ResultTable> tables = new ArrayList<>();
    plan.tables()
        .forEach(
            (table, variants) -> {
              if (table != TableName.COLD_START) {
                tables.add(
                    new ResultTable(
                        table.label(), table.title(), variants.stream().map(this::row).toList()));
              }
            });
    return tables;
  }

  private ResultRow row(Variant variant) {
    String name = variant.name();
    return new ResultRow(
        name,
        variant.title(),
        variant.kind(),
        results.runs(name).size(),
        estimates(metric -> results.metric(name, ALL, ALL, metric)),
        gains(variant, ALL, ALL));
  }

  private Map<String, Estimate> gains(Variant variant, String slice, String value) {
    return variant.kind() == RowKind.BASELINE
        ? Map.of()
        : estimates(metric -> results.gain(variant.name(), slice, value, metric));
  }

  private static Map<String, Estimate> estimates(Function<String, Optional<Estimate>> of) {
    Map<String, Estimate> estimates = new TreeMap<>();
    for (String metric : Metrics.QUALITY) {
      of.apply(metric).ifPresent(estimate -> estimates.put(metric, estimate));
    }
    return estimates;
  }

  private List<SliceTable> coldStart() {
    List<Variant> variants = plan.tables().get(TableName.COLD_START);
    if (variants == null) {
      return List.of();
    }
    return List.of(
        sliceTable(Slice.TRAIN_EXPOSURES, "by impressions of the item in training", variants),
        sliceTable(Slice.ITEM_AGE, "by days since the item's first impression", variants));
  }

  private SliceTable sliceTable(Slice slice, String how, List<Variant> variants) {
    return new SliceTable(
        slice.label(),
        TableName.COLD_START.title() + ", " + how,
        baseline().evaluation().slices().stream()
            .filter(part -> part.slice().equals(slice.label()))
            .map(part -> sliceRow(part, variants))
            .toList());
  }

  private SliceRow sliceRow(SliceMetrics part, List<Variant> variants) {
    String slice = part.slice();
    String value = part.value();
    return new SliceRow(
        value,
        baseline().impressions(slice, value),
        estimates(metric -> results.metric(VariantCatalogue.BASELINE, slice, value, metric)),
        variants.stream()
            .filter(variant -> variant.kind() != RowKind.BASELINE)
            .map(
                variant ->
                    new SliceGain(
                        variant.name(),
                        variant.title(),
                        variant.kind(),
                        gains(variant, slice, value)))
            .toList());
  }
}
