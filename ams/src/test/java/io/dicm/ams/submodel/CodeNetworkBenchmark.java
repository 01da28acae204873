package io.dicm.ams.submodel;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.optimizer.Adam;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 1,024 images through one network of the sub-model. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class CodeNetworkBenchmark {
  private static final int ROWS = 1024;
  private static final int DIMENSION = 4096;
  private static final float LEARNING_RATE = 1e-6f;

  @Param({"1", "2"})
  private int threads;

  private ComputeCrew crew;
  private CodeNetwork network;
  private Tensor inputs;
  private float[] codeGradients;
  private float[] gradient;

  @Setup
  public void makeNetwork() {
    NativeThreads.use(1);
    crew = new ComputeCrew("benchmark-", threads);
    NetworkLayout layout = NetworkLayout.of(DIMENSION);
    network =
        new CodeNetwork(
            "ad",
            layout,
            1,
            new Adam(),
            DenseRange.of(layout.length(), 0, 1),
            TensorWork.onProcessor(crew));
    try (PointerScope scope = new PointerScope()) {
      inputs = torch.randn(ROWS, DIMENSION);
      inputs.retainReference();
    }
    codeGradients = new float[ROWS * layout.codeDimension()];
    gradient = new float[network.layout().length()];
  }

  @TearDown
  public void close() {
    inputs.close();
    network.close();
    crew.close();
  }

  @Benchmark
  public float[] forwardAndBackward() {
    try (CodePass pass = network.forward(inputs)) {
      return pass.backward(codeGradients);
    }
  }

  @Benchmark
  public float[] codes() {
    return network.codes(inputs);
  }

  @Benchmark
  public void update() {
    network.update(gradient, LEARNING_RATE);
    network.put(0, network.ownValues());
  }
}
