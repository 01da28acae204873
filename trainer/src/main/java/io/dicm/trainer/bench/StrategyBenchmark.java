package io.dicm.trainer.bench;

import io.dicm.ams.server.ServerStatistics;
import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.train.TrainingCurve;
import io.dicm.trainer.train.TrainingResult;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Trains the joint model for some steps with each strategy of arXiv 1711.06505, table 2: the same
 * samples, the same training loop, servers and workers in this process over the loopback network.
 * For one thread; nothing else should compute meanwhile.
 */
public final class StrategyBenchmark {
  /** Steps before the measured ones: libraries load, Java compiles, memory is touched. */
  private static final int WARM_UP_STEPS = 3;

  private static final double MILLIS = 1e3;

  private final BenchmarkSamples data;
  private final StrategyPlan plan;

  /**
   * Opens the data.
   *
   * @param shuffle order of the samples
   * @throws IOException when the data cannot be read
   */
  public StrategyBenchmark(
      Configuration conf, StepData data, ShuffleOptions shuffle, StrategyPlan plan)
      throws IOException {
    this.data = BenchmarkSamples.open(conf, data, shuffle);
    this.plan = plan;
  }

  /**
   * Measures one strategy.
   *
   * @throws IOException when the data cannot be read
   */
  public StrategyMeasurement run(StorageStrategy strategy, ProgressListener progress)
      throws IOException, InterruptedException {
    DicmNetwork network =
        new DicmNetwork(
            NetworkShape.of(data.schema().fields(), plan.embeddingDimension(), ImageMode.JOINT));
    try (StrategyGang gang = new StrategyGang(strategy, plan, network, data)) {
      List<TrainingResult> results = gang.train(WARM_UP_STEPS + plan.steps(), progress);
      return measurement(strategy, gang, results);
    }
  }

  private StrategyMeasurement measurement(
      StorageStrategy strategy, StrategyGang gang, List<TrainingResult> results) {
    double steps = WARM_UP_STEPS + plan.steps();
    double batches = (double) data.impressions() / ((long) plan.batchSize() * plan.workers());
    double vectorBytes =
        (double) data.pictures().imageCount(bucket -> true)
            * data.pictures().dimension()
            * Float.BYTES;
    double diskBytes = gang.diskBytes() / steps;
    return new StrategyMeasurement(
        strategy,
        plan.steps(),
        medianStepMs(results.get(0)),
        data.sampleBytes() + batches * diskBytes,
        strategy.servesImages() ? vectorBytes : 0,
        batches,
        bytesPerStep(gang, steps),
        diskBytes,
        gang.imageReferences() / steps,
        gang.uniqueImages() / steps);
  }

  /** The sub-model's part of the dense parameters is told apart: it is float32, as they are. */
  private static Map<TrafficClass, Double> bytesPerStep(StrategyGang gang, double steps) {
    Map<TrafficClass, Double> bytes = new EnumMap<>(TrafficClass.class);
    for (ServerStatistics statistics : gang.statistics()) {
      statistics.bytesByClass().forEach((kind, sum) -> bytes.merge(kind, sum / steps, Double::sum));
    }
    // Joining offers all dense parameters once, which is no part of a step.
    double dense = bytes.get(TrafficClass.DENSE) - gang.joinBytes() / steps;
    double subModel = dense * gang.subModelShare();
    bytes.put(TrafficClass.DENSE, dense - subModel);
    bytes.merge(TrafficClass.SUB_MODEL, subModel, Double::sum);
    return bytes;
  }

  private static double medianStepMs(TrainingResult result) {
    List<TrainingCurve.Point> points = result.curve().points();
    double[] times = new double[points.size() - WARM_UP_STEPS];
    for (int i = 0; i < times.length; i++) {
      TrainingCurve.Point point = points.get(WARM_UP_STEPS + i);
      long impressions = point.impressions() - points.get(WARM_UP_STEPS + i - 1).impressions();
      times[i] = MILLIS * impressions / point.impressionsPerSecond();
    }
    Arrays.sort(times);
    return times[times.length / 2];
  }
}
