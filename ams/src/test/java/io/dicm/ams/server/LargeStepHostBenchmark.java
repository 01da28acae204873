package io.dicm.ams.server;

import io.dicm.ams.bench.RandomVectors;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a server's step of 60,000 impressions costs besides its networks, which are a single layer
 * over pictures of few values here: looking up 320,000 pictures and 200,000 IDs, collecting,
 * copying, adding up and updating.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LargeStepHostBenchmark {
  private static final int IMPRESSIONS = 60_000;
  private static final int AD_IMAGES = 20_000;
  private static final int IMAGES = 320_000;
  private static final int IDS = 200_000;
  private static final int VALUES = 16;
  private static final int WIDTH = 12;

  @Param({"1", "2"})
  public int threads;

  private LocalServer server;
  private long[] adKeys;
  private long[] behaviorKeys;
  private long[] idKeys;
  private float[] adGradients;
  private float[] behaviorGradients;
  private float[] idGradients;
  private float[] denseGradients;
  private long step;

  @Setup
  public void start() {
    adKeys = imageKeys(0, AD_IMAGES);
    behaviorKeys = imageKeys(AD_IMAGES, IMAGES);
    idKeys =
        IntStream.range(0, IDS)
            .mapToLong(i -> Fingerprints.idKey("bench", Integer.toString(i)))
            .toArray();
    adGradients = gradients(adKeys.length * WIDTH);
    behaviorGradients = gradients(behaviorKeys.length * WIDTH);
    idGradients = gradients(idKeys.length * WIDTH);
    denseGradients = gradients(100_000);
    server =
        new LocalServer(
            AmsServerOptions.of(0, 1, 1)
                .embeddingDimension(WIDTH)
                .optimizers(OptimizerOptions.adam(1e-6f))
                .subModel(SubModelChoice.of(SubModelShape.of(WIDTH)))
                .seed(1)
                .threads(threads)
                .build(),
            new RandomVectors(IMAGES, VALUES),
            ProgressListener.NONE);
    server.join(new float[denseGradients.length], 0);
  }

  private static long[] imageKeys(int from, int end) {
    return IntStream.range(from, end).mapToLong(RandomVectors::key).toArray();
  }

  private static float[] gradients(int length) {
    float[] gradients = new float[length];
    Arrays.fill(gradients, 1e-3f);
    return gradients;
  }

  @TearDown
  public void close() {
    server.close();
  }

  /** Both halves. */
  @Benchmark
  public StepInputs step() {
    StepInputs inputs = forward();
    backward();
    return inputs;
  }

  StepInputs forward() {
    return server.forward(new StepRequest(step, adKeys, behaviorKeys, idKeys));
  }

  void backward() {
    server.backward(
        new StepGradients(
            step++, IMPRESSIONS, adGradients, behaviorGradients, idGradients, denseGradients));
  }
}
