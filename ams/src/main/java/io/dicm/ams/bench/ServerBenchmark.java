package io.dicm.ams.bench;

import io.dicm.ams.client.GrpcAmsClient;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.server.ServerStatistics;
import io.dicm.ams.server.TrafficClass;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Runs steps of one worker against one server in this process, over the loopback network as a
 * worker would, and between the steps measures the machine's rate of matrix products, so that both
 * see the same noise. For one thread; nothing else should compute meanwhile.
 */
public final class ServerBenchmark {
  private static final long SEED = 1;
  private static final long EPOCH = 1;
  private static final long TIMEOUT_MS = 60_000;
  private static final float LEARNING_RATE = 0.001f;
  private static final float GRADIENT = 1e-3f;

  private final BenchmarkPlan plan;

  public ServerBenchmark(BenchmarkPlan plan) {
    this.plan = plan;
  }

  /** Loads random vectors, runs and measures. */
  public ServerMeasurement run(ProgressListener progress) {
    ApplicationSecret secret = ApplicationSecret.generate();
    try (AmsServer server = new AmsServer(options(), secret);
        GemmRate gemm = new GemmRate(plan.imagesPerStep(), plan.dimension(), plan.threads())) {
      server.load(new RandomVectors(plan.images(), plan.dimension()), progress);
      String hostPort = "localhost:" + server.start();
      server.connectPeers(List.of(hostPort));
      try (GrpcAmsClient client =
          new GrpcAmsClient(
              0, List.of(hostPort), secret, EPOCH, 2 * TIMEOUT_MS, plan.precision())) {
        client.join(new float[1]);
        return measure(server, client, gemm, progress);
      }
    }
  }

  private AmsServerOptions options() {
    return AmsServerOptions.of(0, 1, 1)
        .embeddingDimension(1)
        .optimizers(OptimizerOptions.adam(LEARNING_RATE))
        .seed(SEED)
        .windowTimeoutMs(TIMEOUT_MS)
        .epoch(EPOCH)
        .threads(plan.threads())
        .vectorPrecision(plan.vectors())
        .build();
  }

  private ServerMeasurement measure(
      AmsServer server, GrpcAmsClient client, GemmRate gemm, ProgressListener progress) {
    SplittableRandom random = new SplittableRandom(SEED);
    int all = BenchmarkPlan.WARM_UP_STEPS + plan.steps();
    double[] gemmRates = new double[plan.steps()];
    double[] stepSeconds = new double[plan.steps()];
    double[] computeSeconds = new double[plan.steps()];
    ServerStatistics before = server.statistics();
    ServerStatistics first = before;
    for (int i = 0; i < all; i++) {
      double rate = gemm.measureOnce();
      long[] keys = distinctKeys(random);
      long start = System.nanoTime();
      step(client, i, keys);
      double seconds = (System.nanoTime() - start) / 1e9;
      ServerStatistics after = server.statistics();
      int measured = i - BenchmarkPlan.WARM_UP_STEPS;
      if (measured >= 0) {
        gemmRates[measured] = rate;
        stepSeconds[measured] = seconds;
        computeSeconds[measured] = (after.computeNs() - before.computeNs()) / 1e9;
      } else {
        first = after;
      }
      before = after;
      progress.progress(i + 1, all, "steps");
    }
    return ServerMeasurement.of(
        plan, gemmRates, stepSeconds, computeSeconds, imageBytes(before) - imageBytes(first));
  }

  private static long imageBytes(ServerStatistics statistics) {
    return statistics.bytesByClass().get(TrafficClass.IMAGE_KEYS)
        + statistics.bytesByClass().get(TrafficClass.IMAGE_CODES)
        + statistics.bytesByClass().get(TrafficClass.IMAGE_GRADIENTS);
  }

  private static void step(GrpcAmsClient client, long step, long[] keys) {
    StepInputs inputs = client.forward(new StepRequest(step, new long[0], keys, new long[0]));
    float[] gradients = inputs.behaviorCodes();
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] *= GRADIENT;
    }
    client.backward(
        new StepGradients(step, keys.length, new float[0], gradients, new float[0], new float[1]));
  }

  /** Different images, any of them equally likely (the first steps of a Fisher-Yates shuffle). */
  private long[] distinctKeys(SplittableRandom random) {
    int[] numbers = new int[plan.images()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = i;
    }
    long[] keys = new long[plan.imagesPerStep()];
    for (int i = 0; i < keys.length; i++) {
      int chosen = random.nextInt(i, numbers.length);
      keys[i] = RandomVectors.key(numbers[chosen]);
      numbers[chosen] = numbers[i];
    }
    return keys;
  }
}
