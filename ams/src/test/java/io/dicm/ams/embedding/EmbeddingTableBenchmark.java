package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.Adam;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A step's 4,096 IDs in a table of a million. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EmbeddingTableBenchmark {
  private static final int DIMENSION = 12;
  private static final int TABLE_ROWS = 1_000_000;
  private static final int KEYS = 4096;
  private static final float LEARNING_RATE = 1e-6f;

  private EmbeddingTable table;
  private long[] keys;
  private int[] rows;
  private float[] gradients;

  @Setup
  public void fillTable() {
    table = new EmbeddingTable(DIMENSION, 1, new Adam(), 0);
    long[] all = new Random(1).longs(TABLE_ROWS).filter(key -> key != 0).distinct().toArray();
    table.rowsOf(all);
    keys =
        new Random(2).ints(0, all.length).distinct().limit(KEYS).mapToLong(i -> all[i]).toArray();
    rows = table.rowsOf(keys);
    gradients = new float[KEYS * DIMENSION];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = i % 7 - 3;
    }
  }

  @Benchmark
  public int[] find() {
    return table.rowsOf(keys);
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
