package io.dicm.ams.table;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A window of four workers who ask for 4,096 of 10,000 rows each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MergedRowsBenchmark {
  private static final int WORKERS = 4;
  private static final int ROWS = 10_000;
  private static final int ROWS_ASKED = 4096;
  private static final int COLUMNS = 12;

  private List<int[]> requests;
  private List<float[]> gradients;
  private MergedRows merged;
  private float[] values;

  @Setup
  public void makeRequests() {
    Random random = new Random(1);
    requests =
        Stream.generate(() -> random.ints(0, ROWS).distinct().limit(ROWS_ASKED).toArray())
            .limit(WORKERS)
            .toList();
    gradients = Stream.generate(() -> new float[ROWS_ASKED * COLUMNS]).limit(WORKERS).toList();
    merged = MergedRows.of(requests);
    values = new float[merged.uniqueRows().length * COLUMNS];
  }

  @Benchmark
  public MergedRows merge() {
    return MergedRows.of(requests);
  }

  @Benchmark
  public float[] scatter() {
    return merged.scatter(0, values, COLUMNS);
  }

  @Benchmark
  public float[] sum() {
    return merged.sum(gradients, COLUMNS, 0.5f);
  }
}
