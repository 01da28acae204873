package io.dicm.trainer.bench;

import io.dicm.ams.bench.RandomVectors;
import io.dicm.ams.bench.StepWork;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.CrewCopies;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.ImageRounds;
import io.dicm.ams.server.LocalServer;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.model.AttentionKernels;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.train.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Steps of a large batch with the server and its worker in one process, as on a machine with one
 * GPU, where codes and their gradients stay: what the network between them costs is not in it.
 * Batches and their indices are ready, as a worker's second thread has them ready. For one thread.
 */
public final class LargeStepBenchmark {
  private static final long SEED = 1;
  private static final float LEARNING_RATE = 0.001f;
  private static final int BATCHES = 2;
  private static final int DEVICE_ROUNDS = 5;
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
    List<LargeSteps.Ready> batches = new ArrayList<>();
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
      batches.forEach(LargeSteps.Ready::close);
    }
  }

  private LargeSteps.Ready ready(DicmNetwork network, Batch batch) {
    return new LargeSteps.Ready(
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
      List<LargeSteps.Ready> batches,
      ProgressListener progress) {
    boolean onGpu = !plan.device().isProcessor();
    List<LargeSteps.Times> onDevice = List.of();
    if (onGpu) {
      try (LargeSteps steps = new LargeSteps.OnGpu(server, network, plan.threads())) {
        onDevice = steps(steps, 0, batches, progress);
      }
    }
    List<LargeSteps.Times> byArrays;
    try (LargeSteps steps = new LargeSteps.ByArrays(server, network, plan.threads())) {
      byArrays = steps(steps, onDevice.size(), batches, progress);
    }
    // A GPU that is told of all and hardly waited for does not tell how long each part takes.
    List<LargeSteps.Times> whole = onGpu ? onDevice : byArrays;
    return measurement(kernels, whole, byArrays, deviceImagesMs(server, batches.get(0).batch()));
  }

  /** All steps, those before the measured ones among them. */
  private List<LargeSteps.Times> steps(
      LargeSteps way, int first, List<LargeSteps.Ready> batches, ProgressListener progress) {
    int all = plan.warmUpSteps() + plan.steps();
    List<LargeSteps.Times> times = new ArrayList<>();
    for (int step = 0; step < all; step++) {
      times.add(
          way.step(
              first + step,
              batches.get(step % batches.size()),
              batches.get((step + 1) % batches.size())));
      progress.progress(step + 1, all, "steps");
    }
    return times;
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

  private LargeStepMeasurement measurement(
      StepKernels kernels,
      List<LargeSteps.Times> whole,
      List<LargeSteps.Times> parts,
      double deviceImagesMs) {
    double stepMs = median(measured(whole, LargeSteps.Times::wholeMs));
    double meanStepMs =
        Arrays.stream(measured(whole, LargeSteps.Times::wholeMs)).average().orElseThrow();
    return new LargeStepMeasurement(
        kernels,
        stepMs,
        meanStepMs,
        median(measured(parts, LargeSteps.Times::wholeMs)),
        median(measured(parts, LargeSteps.Times::forwardMs)),
        median(measured(parts, LargeSteps.Times::networkMs)),
        median(measured(parts, LargeSteps.Times::backwardMs)),
        deviceImagesMs,
        plan.impressions() / stepMs * MS_A_SECOND,
        plan.impressions() / meanStepMs * MS_A_SECOND,
        imageGigaflops(median(measured(parts, LargeSteps.Times::serverMs))),
        imageGigaflops(deviceImagesMs),
        whole.stream().map(times -> times.lossSum() / plan.impressions()).toList());
  }

  private double[] measured(
      List<LargeSteps.Times> times, ToDoubleFunction<LargeSteps.Times> milliseconds) {
    return times.stream().skip(plan.warmUpSteps()).mapToDouble(milliseconds).toArray();
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
