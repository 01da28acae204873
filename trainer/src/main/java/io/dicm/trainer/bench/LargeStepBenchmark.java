package io.dicm.trainer.bench;

import io.dicm.ams.bench.RandomVectors;
import io.dicm.ams.bench.StepWork;
import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.CrewCopies;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.ImageRounds;
import io.dicm.ams.server.LocalServer;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.model.AttentionKernels;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.PreparedIndices;
import io.dicm.trainer.model.StepOutcome;
import io.dicm.trainer.network.StepContext;
import io.dicm.trainer.train.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Steps of a large batch with the server and its worker in one process, as on a machine with one
 * GPU: what the network between them costs is not in it. Batches and their indices are ready, as a
 * worker's second thread has them ready. For one thread.
 */
public final class LargeStepBenchmark {
  private static final long SEED = 1;
  private static final float LEARNING_RATE = 0.001f;
  private static final int BATCHES = 2;
  private static final int DEVICE_ROUNDS = 5;
  private static final double NANOS_A_MS = 1e6;
  private static final double MS_A_SECOND = 1e3;
  private static final double GIGA = 1e9;

  private final LargeStepPlan plan;
  private final boolean requiresKernels;

  /** With libtorch's operations where a kernel of our own is missing. */
  public LargeStepBenchmark(LargeStepPlan plan) {
    this(plan, false);
  }

  /**
   * @param requiresKernels whether nothing is measured on a GPU where a kernel of our own is
   *     missing
   */
  public LargeStepBenchmark(LargeStepPlan plan, boolean requiresKernels) {
    this.plan = plan;
    this.requiresKernels = requiresKernels;
  }

  /** A batch and its indices on the device. */
  private record Ready(Batch batch, PreparedIndices indices) implements AutoCloseable {
    @Override
    public void close() {
      indices.close();
    }
  }

  /**
   * Loads random vectors, runs and measures.
   *
   * @throws io.dicm.common.error.DicmException {@code MEMORY_PLAN_TOO_LARGE} when the vectors do
   *     not fit, {@code GPU_FAILED} when a kernel is missing that is required
   */
  public LargeStepMeasurement run(ProgressListener progress) {
    plan.arithmetic().useForProcess();
    try (AttentionKernels kernels = AttentionKernels.on(plan.device(), LargeBatch.SHAPE);
        ComputeCrew crew = new ComputeCrew("worker-crew-", plan.threads())) {
      ComputeDevice device = plan.device().copyingBy(new CrewCopies(crew));
      return run(new DicmNetwork(LargeBatch.SHAPE, device, kernels), progress);
    }
  }

  private LargeStepMeasurement run(DicmNetwork network, ProgressListener progress) {
    List<Ready> batches = new ArrayList<>();
    try (LocalServer server =
        new LocalServer(options(), new RandomVectors(plan.images(), plan.dimension()), progress)) {
      StepKernels kernels =
          new StepKernels(network.usesKernel(), server.areVectorsCollectedByKernel());
      if (requiresKernels) {
        kernels.requireAllOn(plan.device());
      }
      server.join(network.initialDense(SEED), network.statisticCount());
      for (int i = 0; i < BATCHES; i++) {
        batches.add(ready(network, LargeBatch.of(plan, i)));
      }
      return measure(server, network, kernels, batches, progress);
    } finally {
      batches.forEach(Ready::close);
    }
  }

  private Ready ready(DicmNetwork network, Batch batch) {
    return new Ready(
        batch,
        network.prepareStep(
            batch.indices(),
            batch.idKeys().length,
            batch.adImageKeys().length,
            batch.behaviorImageKeys().length));
  }

  private AmsServerOptions options() {
    return AmsServerOptions.of(0, 1, 1)
        .embeddingDimension(LargeBatch.SHAPE.embeddingDimension())
        .optimizers(OptimizerOptions.adam(LEARNING_RATE))
        .seed(SEED)
        .threads(plan.threads())
        .vectorPrecision(plan.vectors())
        .device(plan.device())
        .arithmetic(plan.arithmetic())
        .build();
  }

  private LargeStepMeasurement measure(
      LocalServer server,
      DicmNetwork network,
      StepKernels kernels,
      List<Ready> batches,
      ProgressListener progress) {
    int all = plan.warmUpSteps() + plan.steps();
    double[][] milliseconds = new double[3][plan.steps()];
    List<Double> losses = new ArrayList<>();
    for (int step = 0; step < all; step++) {
      Ready ready = batches.get(step % batches.size());
      // A server computes on its crew's threads, a worker on libtorch's.
      NativeThreads.use(1);
      long start = System.nanoTime();
      StepInputs inputs = server.forward(ready.batch.request(step));
      long asked = System.nanoTime();
      NativeThreads.use(plan.threads());
      StepOutcome outcome =
          network.train(ready.indices, ready.batch.labels(), inputs, StepContext.PLAIN);
      long trained = System.nanoTime();
      NativeThreads.use(1);
      server.backward(gradients(step, outcome));
      long sent = System.nanoTime();
      losses.add(outcome.lossSum() / plan.impressions());
      int measured = step - plan.warmUpSteps();
      if (measured >= 0) {
        milliseconds[0][measured] = (asked - start) / NANOS_A_MS;
        milliseconds[1][measured] = (trained - asked) / NANOS_A_MS;
        milliseconds[2][measured] = (sent - trained) / NANOS_A_MS;
      }
      progress.progress(step + 1, all, "steps");
    }
    return measurement(
        kernels, milliseconds, deviceImagesMs(server, batches.get(0).batch()), losses);
  }

  /** After the steps, which have warmed the device up. */
  private static double deviceImagesMs(LocalServer server, Batch batch) {
    double[] milliseconds = new double[DEVICE_ROUNDS];
    try (ImageRounds rounds = server.imageRounds(batch.adImageKeys(), batch.behaviorImageKeys())) {
      rounds.run();
      for (int i = 0; i < milliseconds.length; i++) {
        milliseconds[i] = rounds.run();
      }
    }
    return median(milliseconds);
  }

  private StepGradients gradients(int step, StepOutcome outcome) {
    return new StepGradients(
        step,
        plan.impressions(),
        outcome.adCodes(),
        outcome.behaviorCodes(),
        outcome.idEmbeddings(),
        outcome.dense());
  }

  private LargeStepMeasurement measurement(
      StepKernels kernels, double[][] milliseconds, double deviceImagesMs, List<Double> losses) {
    double[] whole = new double[plan.steps()];
    double[] images = new double[plan.steps()];
    for (int i = 0; i < whole.length; i++) {
      images[i] = milliseconds[0][i] + milliseconds[2][i];
      whole[i] = images[i] + milliseconds[1][i];
    }
    double stepMs = median(whole);
    double meanStepMs = Arrays.stream(whole).average().orElseThrow();
    return new LargeStepMeasurement(
        kernels,
        stepMs,
        meanStepMs,
        median(milliseconds[0]),
        median(milliseconds[1]),
        median(milliseconds[2]),
        deviceImagesMs,
        plan.impressions() / stepMs * MS_A_SECOND,
        plan.impressions() / meanStepMs * MS_A_SECOND,
        imageGigaflops(median(images)),
        imageGigaflops(deviceImagesMs),
        losses);
  }

  private double imageGigaflops(double milliseconds) {
    return new StepWork(plan.images(), plan.dimension()).operations()
        / GIGA
        / (milliseconds / MS_A_SECOND);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
