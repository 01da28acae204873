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
import java.util.Optional;
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
  private static final double NANOS_A_MS = 1e6;
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
    Optional<Run> onDevice = Optional.empty();
    if (onGpu) {
      try (LargeSteps steps = new LargeSteps.OnGpu(server, network, plan.threads())) {
        onDevice = Optional.of(run(steps, 0, batches, progress));
      }
    }
    try (LargeSteps steps = new LargeSteps.ByArrays(server, network, plan.threads())) {
      int first = onGpu ? plan.warmUpSteps() + plan.steps() : 0;
      Run byArrays = run(steps, first, batches, progress);
      // A GPU that is told of all and hardly waited for does not tell how long each part takes.
      return measurement(
          kernels,
          onDevice.orElse(byArrays),
          byArrays,
          deviceImagesMs(server, batches.get(0).batch()));
    }
  }

  /**
   * All steps of one way.
   *
   * @param times of all, those before the measured ones among them
   * @param stepMs from one measured step's end to the next one's
   * @param meanStepMs of the measured steps, the device being idle before and after all of them
   */
  private record Run(List<LargeSteps.Times> times, double[] stepMs, double meanStepMs) {}

  private Run run(
      LargeSteps way, int first, List<LargeSteps.Ready> batches, ProgressListener progress) {
    int warmUp = plan.warmUpSteps();
    int all = warmUp + plan.steps();
    List<LargeSteps.Times> times = new ArrayList<>();
    double[] stepMs = new double[plan.steps()];
    way.prepare(first, batches.get(0));
    long began = 0;
    long ended = 0;
    for (int step = 0; step < all; step++) {
      if (step == warmUp) {
        plan.device().synchronize();
        began = System.nanoTime();
        ended = began;
      }
      LargeSteps.Ready next = batches.get((step + 1) % batches.size());
      times.add(way.step(first + step, batches.get(step % batches.size()), next));
      progress.progress(step + 1, all, "steps");
      if (step >= warmUp) {
        long now = System.nanoTime();
        stepMs[step - warmUp] = (now - ended) / NANOS_A_MS;
        ended = now;
      }
    }
    plan.device().synchronize();
    return new Run(times, stepMs, (System.nanoTime() - began) / NANOS_A_MS / plan.steps());
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
      StepKernels kernels, Run whole, Run byArrays, double deviceImagesMs) {
    double stepMs = median(whole.stepMs);
    List<LargeSteps.Times> parts = byArrays.times;
    return new LargeStepMeasurement(
        kernels,
        stepMs,
        whole.meanStepMs,
        median(byArrays.stepMs),
        median(measured(parts, LargeSteps.Times::forwardMs)),
        median(measured(parts, LargeSteps.Times::networkMs)),
        median(measured(parts, LargeSteps.Times::backwardMs)),
        deviceImagesMs,
        plan.impressions() / stepMs * MS_A_SECOND,
        plan.impressions() / whole.meanStepMs * MS_A_SECOND,
        imageGigaflops(median(measured(parts, LargeSteps.Times::serverMs))),
        imageGigaflops(deviceImagesMs),
        whole.times.stream().map(times -> times.lossSum() / plan.impressions()).toList());
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
