package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestEvaluation {
  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;

  @Test
  void givesBackEveryValueWritten() throws IOException {
    Evaluation evaluation = evaluation("d", 0.7, 0.1);

    evaluation.write(conf, path("a"));

    assertThat(Evaluation.read(conf, path("a"))).isEqualTo(evaluation);
    assertThat(new JsonFiles(conf).oneLine(evaluation))
        .contains("\"auc\":[0.6,0.8]", "\"impressions_digest\":\"d\"", "\"mean_probability\":0.5");
  }

  @Test
  void evaluationsBeforeSlicesHadDecilesStayReadable() throws IOException {
    String parts =
        "{\"slice\":\"all\",\"value\":\"all\",\"metrics\":{\"auc\":0.7},\"intervals\":{}}";
    JsonNode earlier =
        new ObjectMapper()
            .readTree(
                "{\"metrics\":{\"auc\":0.7},\"intervals\":{},\"slices\":["
                    + parts
                    + "],\"deciles\":[],\"impressions_digest\":\"d\",\"bootstrap_replicates\":3}");
    new JsonFiles(conf).write(new Path(path("a"), Evaluation.FILE), earlier);

    SliceMetrics all = Evaluation.read(conf, path("a")).slice("all", "all").orElseThrow();

    assertThat(all.metric("auc")).isEqualTo(0.7);
    assertThat(all.deciles()).isEmpty();
  }

  @Test
  void differencesArePaired() throws IOException {
    write("a", evaluation("d", 0.7, 0.1), IntStream.range(0, 101).mapToDouble(r -> r + 0.5));
    write("b", evaluation("d", 0.6, 0.1), IntStream.range(0, 101).mapToDouble(r -> r));

    EvaluationComparison comparison = EvaluationComparison.read(conf, path("a"), path("b"));

    MetricDifference auc = comparison.of("all", "all").get(0);
    assertThat(auc.metric()).isEqualTo("auc");
    assertThat(auc.difference()).isCloseTo(0.1, within(1e-15));
    assertThat(auc.interval()).isEqualTo(new Interval(0.5, 0.5));
    assertThat(auc.interval().excludesZero()).isTrue();
  }

  @Test
  void otherImpressionsAreRefused() throws IOException {
    write("a", evaluation("d", 0.7, 0.1), IntStream.empty().mapToDouble(r -> r));
    write("b", evaluation("e", 0.7, 0.1), IntStream.empty().mapToDouble(r -> r));

    assertThatThrownBy(() -> EvaluationComparison.read(conf, path("a"), path("b")))
        .hasMessageContaining("not of the same impressions and labels, their digests are d and e")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  @Test
  void intervalsArePercentiles() {
    double[] values = IntStream.rangeClosed(0, 200).mapToDouble(r -> 200 - r).toArray();

    assertThat(BootstrapInterval.of(values)).contains(new Interval(5, 195));
    assertThat(BootstrapInterval.of(new double[0])).isEmpty();
    assertThat(BootstrapInterval.of(new double[] {1, Double.NaN})).isEmpty();
  }

  private void write(String name, Evaluation evaluation, java.util.stream.DoubleStream replicates)
      throws IOException {
    evaluation.write(conf, path(name));
    new Replicates(List.of(new Replicates.Row("all", "all", "auc", replicates.toArray())))
        .write(conf, path(name));
  }

  private static Evaluation evaluation(String digest, double auc, double halfWidth) {
    Map<String, Double> metrics = Map.of("auc", auc, "impressions", 9.0);
    Map<String, Interval> intervals = Map.of("auc", new Interval(0.6, 0.8));
    List<Decile> deciles = List.of(new Decile(1, 9, 0.5, halfWidth));
    return new Evaluation(
        metrics,
        intervals,
        List.of(new SliceMetrics("all", "all", metrics, intervals, deciles)),
        deciles,
        digest,
        101);
  }

  private Path path(String name) {
    return new Path(new Path(directory.toUri()), name);
  }
}
