package io.dicm.ams.shard;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.compute.TensorWork;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A window's 1,024 images out of 8,192. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RowGathererBenchmark {
  private static final int IMAGES = 8192;
  private static final int DIMENSION = 4096;
  private static final int ROWS = 1024;

  @Param private VectorPrecision precision;

  @Param({"1", "2"})
  private int threads;

  private ComputeCrew crew;
  private FeatureShard shard;
  private RowGatherer gatherer;
  private int[] rows;

  @Setup
  public void loadShard() throws IOException {
    NativeThreads.use(1);
    shard =
        FeatureShard.load(
            InMemorySnapshot.random(IMAGES, DIMENSION, 1),
            0,
            1,
            precision,
            Long.MAX_VALUE,
            1,
            ProgressListener.NONE);
    crew = new ComputeCrew("benchmark-", threads);
    gatherer = ShardRows.of(shard, TensorWork.onProcessor(crew)).gatherer();
    rows = new Random(1).ints(1, IMAGES + 1).distinct().limit(ROWS).toArray();
  }

  @TearDown
  public void close() {
    gatherer.close();
    shard.close();
    crew.close();
  }

  @Benchmark
  public long gather() {
    try (PointerScope scope = new PointerScope()) {
      return gatherer.gather(rows).numel();
    }
  }
}
