package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.evaluate.Replicates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestAblationReporter {
  private static final Map<String, Double> GAINS =
      Map.of("ad", .01, "behavior", .005, "joint", .02, "planted", .1, "item-mean", .008);

  private final Configuration conf = new Configuration(false);
  private final AblationPlan plan = AblationPlan.of(Requests.of(TableName.usual(), 1L, 2L, 3L));

  private final Map<Map<String, Double>, AblationReport> reports = new HashMap<>();

  @Test
  void gainsAreThoseOfPairsWithMuchNarrowerIntervalsThanTheMetrics() {
    ResultTable table = report(GAINS).tables().get(0);

    assertThat(table.name()).isEqualTo("table3");
    ResultRow joint = row(table, "joint");
    assertThat(joint.seeds()).isEqualTo(3);
    assertThat(joint.metrics().get("gauc").value()).isCloseTo(.62, within(.002));
    Estimate gain = joint.gains().get("gauc");
    assertThat(gain.value()).isCloseTo(.02, within(.002));
    assertThat(gain.showsGain()).isTrue();
    assertThat(gain.high() - gain.low()).isLessThan(.01);
    Estimate metric = joint.metrics().get("gauc");
    assertThat(metric.high() - metric.low()).isGreaterThan(.15);
    assertThat(row(table, "baseline").gains()).isEmpty();
  }

  @Test
  void whatNeedsNoModelIsPairedWithTheBaselineOfEachSeed() {
    ResultRow mean = row(report(GAINS).tables().get(0), "item-mean");

    assertThat(mean.seeds()).isEqualTo(1);
    Estimate gain = mean.gains().get("auc");
    assertThat(gain.value()).isCloseTo(.008, within(.002));
    // The baseline's seeds differ, so the gains over them do.
    assertThat(gain.seedDeviation()).isPositive();
    assertThat(mean.metrics().get("auc").seedDeviation()).isZero();
  }

  @Test
  void coldStartTellsPartsApart() {
    SliceTable table = report(GAINS).coldStart().get(0);

    assertThat(table.slice()).isEqualTo("train_exposures");
    assertThat(table.rows()).extracting(SliceRow::value).containsExactly("0", "1-5");
    assertThat(gain(table.rows().get(0), "joint").value()).isCloseTo(.04, within(.003));
    assertThat(gain(table.rows().get(1), "joint").value()).isCloseTo(.02, within(.003));
    assertThat(table.rows().get(0).gains())
        .extracting(SliceGain::variant)
        .containsExactly(
            "ad",
            "behavior",
            "joint",
            "shuffled",
            "planted",
            "item-mean",
            "user-mean",
            "item-user-mean");
    assertThat(table.rows().get(0).baseline().get("auc").value()).isCloseTo(.6, within(.002));
  }

  @Test
  void controlsAsTheyMustBe() {
    List<ControlVerdict> controls = report(GAINS).controls();

    assertThat(controls).extracting(ControlVerdict::asExpected).containsExactly(true, true);
    assertThat(controls.get(1).sentence())
        .startsWith("Vectors planted: GAUC +0.")
        .endsWith("; what is in the vectors is found, as it must be.");
  }

  @Test
  void controlsThatFailSaySo() {
    AblationReport report = report(Map.of("shuffled", .05));

    assertThat(report.controls())
        .extracting(ControlVerdict::asExpected)
        .containsExactly(false, false);
    assertThat(report.controls().get(0).sentence()).contains("prove nothing here");
    assertThat(new AblationRendering(report).text())
        .contains("CONTROL FAILED. Vectors shuffled: GAUC +0.0")
        .contains("CONTROL FAILED. Vectors planted: ");
  }

  @Test
  void testsOnOtherImpressionsAreRefused() {
    MadeUpRuns runs = new MadeUpRuns(GAINS);
    List<EvaluatedRun> evaluated = new ArrayList<>(runs.of(plan));
    evaluated.add(runs.of(plan.runsOf("joint").get(1), "another digest"));

    assertThatThrownBy(() -> new AblationReporter(plan, evaluated))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot compare run 'spring-joint-seed2' with run 'spring-")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  @Test
  void reportOfFilesIsThatOfTheirContentsAndIsReadAsItWasWritten(@TempDir java.nio.file.Path folder)
      throws IOException {
    Path directory = new Path(folder.toUri());
    AblationPlan small = AblationPlan.of(Requests.of(Set.of(TableName.COLD_START), 1L));
    List<EvaluatedRun> runs = new MadeUpRuns(GAINS).of(small);
    for (EvaluatedRun run : runs) {
      run.evaluation().write(conf, new Path(directory, run.run().name()));
      run.replicates().write(conf, new Path(directory, run.run().name()));
    }

    AblationReport report =
        AblationReporter.read(conf, small, name -> new Path(directory, name)).report("2026-07-01");
    report.write(conf, directory);

    assertThat(report).isEqualTo(new AblationReporter(small, runs).report("2026-07-01"));
    assertThat(AblationReport.read(conf, directory)).isEqualTo(report);
  }

  @Test
  void pageAndTextHaveAllTables() {
    AblationRendering rendering = new AblationRendering(report(GAINS));

    assertThat(rendering.markdown())
        .startsWith("## Ablation spring\n\n2026-07-01, protocol time (last-days:2), 900 test")
        .contains("| variant | GAUC | GAUC gain | AUC | AUC gain |\n|---|---:|---:|---:|---:|\n")
        .containsPattern(
            "\\| joint, partial warm-up \\| 0\\.[56]\\d{3} \u00b1 0\\.0\\d{3} \\| [+-]0\\.0\\d{3} \\[")
        .contains(
            "### Gain over the baseline, cold start, by impressions of the item in training: AUC")
        .contains("| test impressions | 900 | 900 |")
        .contains("| no pictures (baseline) | 0.");
    assertThat(rendering.text())
        .contains("Where pictures enter the model\n------------------------------\nvariant ")
        .contains("How the pictures of behaviours are pooled")
        .contains("What training begins with")
        .doesNotContain("null")
        .doesNotContain("NaN");
  }

  @Test
  void oneSeedSaysThatItsChanceDoesNotCount() {
    AblationPlan one = AblationPlan.of(Requests.of(Set.of(TableName.CONTROLS), 4L));

    String text =
        new AblationRendering(
                new AblationReporter(one, new MadeUpRuns(GAINS).of(one)).report("2026-07-01"))
            .text();

    assertThat(text)
        .contains("one seed; its chance is not in the intervals")
        .doesNotContain("+-")
        .doesNotContain("cold start");
  }

  @Test
  void whatIsNotDefinedIsADash() {
    AblationPlan one = AblationPlan.of(Requests.of(Set.of(TableName.CONTROLS), 4L));
    List<EvaluatedRun> withoutReplicates =
        new MadeUpRuns(GAINS)
            .of(one).stream()
                .map(
                    run -> new EvaluatedRun(run.run(), run.evaluation(), new Replicates(List.of())))
                .toList();

    AblationReport report = new AblationReporter(one, withoutReplicates).report("2026-07-01");

    assertThat(report.controls().get(0).gain()).isNull();
    assertThat(new AblationRendering(report).markdown())
        .contains("| joint | - | - | - | - |")
        .contains("CONTROL FAILED. Neither GAUC nor AUC has an interval");
  }

  private AblationReport report(Map<String, Double> gains) {
    return reports.computeIfAbsent(
        gains,
        any -> new AblationReporter(plan, new MadeUpRuns(any).of(plan)).report("2026-07-01"));
  }

  private static ResultRow row(ResultTable table, String variant) {
    return table.rows().stream()
        .filter(row -> row.variant().equals(variant))
        .findFirst()
        .orElseThrow();
  }

  private static Estimate gain(SliceRow row, String variant) {
    return row.gains().stream()
        .filter(gain -> gain.variant().equals(variant))
        .findFirst()
        .orElseThrow()
        .gains()
        .get("auc");
  }
}
