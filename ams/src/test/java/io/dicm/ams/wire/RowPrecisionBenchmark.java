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

/** Rows to bytes and back: the codes of 4,096 images. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RowPrecisionBenchmark {
  private static final int VALUES = 4096 * 12;

  @Param private RowPrecision precision;

  private float[] values;
  private ByteString bytes;

  @Setup
  public void makeValues() {
    Random random = new Random(1);
    values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      values[i] = (float) random.nextGaussian();
    }
    bytes = precision.bytes(values);
  }

  @Benchmark
  public ByteString write() {
    return precision.bytes(values);
  }

  @Benchmark
  public float[] read() {
    return precision.values(bytes, "rows");
  }
}
