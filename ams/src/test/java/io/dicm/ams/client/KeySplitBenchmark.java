package io.dicm.ams.client;

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

/** A step's keys, parted by server and sorted. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KeySplitBenchmark {
  @Param({"4096", "65536"})
  private int keyCount;

  @Param({"1", "4"})
  private int servers;

  private long[] keys;

  @Setup
  public void makeKeys() {
    keys = new Random(1).longs(keyCount).toArray();
  }

  @Benchmark
  public Object split() {
    return KeySplit.of(keys, servers);
  }
}
