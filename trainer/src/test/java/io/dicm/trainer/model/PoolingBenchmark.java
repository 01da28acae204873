package io.dicm.trainer.model;

import io.dicm.ams.client.StepInputs;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.HistorySamples;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A worker's forward and backward pass of 1,024 impressions with 30 behaviours each: what attention
 * costs is the difference to the sum, which has the same network around it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class PoolingBenchmark {
  private static final int IMPRESSIONS = 1024;
  private static final int ITEMS = 3569;
  private static final int BEHAVIORS = 30;
  private static final double BOUND = 0.05;

  @Param({"MULTI_QUERY", "ATTENTIVE", "SUM"})
  private AggregatorKind kind;

  @Param({"1", "2"})
  private int threads;

  private DicmNetwork network;
  private Batch batch;
  private StepInputs inputs;

  @Setup
  public void makeStep() {
    NativeThreads.use(threads);
    NetworkShape shape = HistorySamples.SHAPE.with(Aggregation.usual(kind));
    network = new DicmNetwork(shape);
    batch =
        new BatchAssembler(shape).assemble(new HistorySamples(ITEMS, BEHAVIORS).list(IMPRESSIONS));
    SplittableRandom random = new SplittableRandom(1);
    inputs =
        new StepInputs(
            values(random, batch.adImageKeys().length * shape.codeDimension()),
            values(random, batch.behaviorImageKeys().length * shape.codeDimension()),
            values(random, batch.idKeys().length * shape.rowWidth()),
            network.initialDense(1));
  }

  @Benchmark
  public StepOutcome forwardAndBackward() {
    return network.train(batch.indices(), batch.labels(), inputs);
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-BOUND, BOUND);
    }
    return values;
  }
}
