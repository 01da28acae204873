package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
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

/** Coding of a step's key list. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KeyListsBenchmark {
  @Param({"4096", "65536"})
  private int keyCount;

  private long[] keys;
  private ByteString coded;

  @Setup
  public void makeKeys() {
    keys =
        new Random(1)
            .longs(keyCount)
            .boxed()
            .sorted(Long::compareUnsigned)
            .mapToLong(Long::longValue)
            .toArray();
    coded = KeyLists.of(keys);
  }

  @Benchmark
  public ByteString write() {
    return KeyLists.of(keys);
  }

  @Benchmark
  public long[] read() {
    return KeyLists.keys(coded, "keys");
  }
}
