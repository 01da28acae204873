package io.dicm.ams.embedding;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A step's IDs, of a small and a large one, in a table of a million. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EmbeddingTableBenchmark {
  private static final int DIMENSION = 12;
  private static final int TABLE_ROWS = 1_000_000;
  private static final float LEARNING_RATE = 1e-6f;

  /** IDs of a step. */
  @Param({"4096", "100000"})
  public int keyCount;

  @Param({"1", "2"})
  public int threads;

  private ComputeCrew crew;
  private EmbeddingTable table;
  private long step;
  private long[] keys;
  private int[] rows;
  private float[] gradients;

  @Setup
  public void fillTable() {
    crew = new ComputeCrew("benchmark-", threads);
    table =
        new EmbeddingTable(
            ByColumns.embeddingAlone(DIMENSION, new Adam()),
            1,
            0,
            EmbeddingOptions.everyId(Long.MAX_VALUE),
            new MemoryBudget("the rows", "Take fewer.", Long.MAX_VALUE),
            crew);
    long[] all = new Random(1).longs(TABLE_ROWS).filter(key -> key != 0).distinct().toArray();
    table.rowsOf(step, all);
    keys =
        new Random(2)
            .ints(0, all.length)
            .distinct()
            .limit(keyCount)
            .mapToLong(i -> all[i])
            .toArray();
    rows = table.rowsOf(step, keys);
    gradients = new float[keyCount * DIMENSION];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = i % 7 - 3;
    }
  }

  @TearDown
  public void close() {
    table.close();
    crew.close();
  }

  /** Each time in another step, as in training. */
  @Benchmark
  public int[] find() {
    return table.rowsOf(++step, keys);
  }

  @Benchmark
  public float[] read() {
    return table.values(rows);
  }

  @Benchmark
  public void update() {
    table.update(rows, gradients, LEARNING_RATE);
  }
}
