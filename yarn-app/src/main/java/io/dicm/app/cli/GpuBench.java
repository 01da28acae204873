package io.dicm.app.cli;

import io.dicm.ams.bench.DeviceMatrixRate;
import io.dicm.ams.bench.DeviceMemoryRate;
import io.dicm.ams.compute.NativeThreads;
import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.DevicePlan;
import io.dicm.app.bench.Machine;
import io.dicm.app.bench.MachineLimits;
import io.dicm.app.bench.PythonBaseline;
import io.dicm.app.bench.PythonRates;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.bench.ConfiguredVgg16Encoders;
import io.dicm.feature.bench.DeviceVgg16;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.GpuMonitor;
import io.dicm.trainer.bench.DeviceAgreement;
import io.dicm.trainer.bench.LargeStepBenchmark;
import io.dicm.trainer.bench.LargeStepMeasurement;
import io.dicm.trainer.bench.LargeStepPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * Measures what a GPU does of training and extraction, against its own matrix products and against
 * PyTorch; the processor where there is none.
 */
final class GpuBench implements BenchPart {
  private static final long GPU_MEMORY_BYTES = 2L << 30;
  private static final long PROCESSOR_MEMORY_BYTES = 256L << 20;
  private static final Duration PYTHON_DEADLINE = Duration.ofMinutes(5);
  private static final String SAMPLES_UNIT = "samples/s";
  private static final String PICTURES_UNIT = "images/s";
  private static final String VGG16_GROUP = "vgg16_";

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public String summary() {
    return "large steps and VGG16 on a GPU against its matrix products and PyTorch";
  }

  @Override
  public void addOptions(Options options) {
    GpuBenchOptions.addTo(options);
  }

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    // Where it computes decides which libtorch is loaded: before anything else of it.
    GpuBenchOptions options = GpuBenchOptions.of(line);
    DevicePlan plan = options.plan();
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    ProgressListener progress =
        (done, total, note) -> bar.show("bench", (float) done / Math.max(1, total), note);
    BenchReport.Builder report = new BenchReport.Builder(name());
    settings(options, report);
    try (BenchData temporary = new BenchData(context.conf(), line)) {
      // Before ours: a process keeps the GPU's memory that it has had.
      Python python = new Python(options, temporary);
      python.measure(progress);
      report.group("device");
      report.figure("memory_bandwidth", memoryRate(plan), MachineLimits.BANDWIDTH_UNIT);
      for (Arithmetic arithmetic : options.arithmetics()) {
        steps(plan.steps(arithmetic), python, progress, report);
      }
      if (plan.pictures() > 0) {
        vgg16(
            new DeviceVgg16(
                new ConfiguredVgg16Encoders(
                    context.conf(), plan.steps().device(), plan.steps().threads()),
                plan.steps().device(),
                plan.batchSize(),
                plan.pictures()),
            python,
            progress,
            report);
      }
      if (!plan.steps().device().isProcessor()) {
        agreement(plan.agreement(), progress, report);
      }
      python.rates.notes().forEach(report::note);
    } finally {
      bar.clear();
    }
    report.note(
        "Server and worker are in one process. VGG16's images come from the processor's memory and"
            + " its vectors go there; PyTorch's lie on the device.");
    return report.build(machine(plan.steps().device()));
  }

  private static void settings(GpuBenchOptions options, BenchReport.Builder report) {
    LargeStepPlan steps = options.plan().steps();
    report
        .setting("device", steps.device().label())
        .setting("batch_size", steps.impressions())
        .setting("behaviors_of_a_sample", steps.behaviors())
        .setting("images_per_step", steps.images())
        .setting("ids_per_step", steps.ids())
        .setting("dimension", steps.dimension())
        .setting("vectors", BenchOptions.label(steps.vectors()))
        .setting("threads", steps.threads())
        .setting("warm_up_steps", steps.warmUpSteps())
        .setting("steps", steps.steps())
        .setting("vgg16_batch_size", options.plan().batchSize());
  }

  /** PyTorch's rates, by arithmetic and by precision. */
  private static final class Python {
    private final GpuBenchOptions options;
    private final PythonRates rates;
    private final Map<String, Map<String, Double>> found = new LinkedHashMap<>();

    private Python(GpuBenchOptions options, BenchData temporary) {
      this.options = options;
      this.rates =
          new PythonRates(PythonBaseline.of(System.getenv(), PYTHON_DEADLINE, temporary.folder()));
    }

    private void measure(ProgressListener progress) throws IOException, InterruptedException {
      if (!options.withPython()) {
        return;
      }
      DevicePlan plan = options.plan();
      for (Arithmetic arithmetic : options.arithmetics()) {
        progress.progress(0, 1, "PyTorch's steps in " + arithmetic.label());
        found.put(arithmetic.label(), rates.steps(plan.steps(arithmetic)));
      }
      if (plan.pictures() > 0) {
        for (String precision : DeviceVgg16.precisions(plan.steps().device())) {
          progress.progress(0, 1, "PyTorch's VGG16 in " + precision);
          found.put(VGG16_GROUP + precision, rates.vgg16(plan, precision));
        }
      }
    }

    /** Adds each rate of a group, and ours by the faster one. */
    private void report(
        String group, String rate, double ours, String unit, BenchReport.Builder report) {
      Map<String, Double> variants = found.getOrDefault(group, Map.of());
      variants.forEach(
          (variant, value) -> report.figure("pytorch_" + variant + "_" + rate, value, unit));
      variants.values().stream()
          .max(Double::compare)
          .ifPresent(
              fastest ->
                  report
                      .figure("by_pytorch", ours / fastest, "")
                      .limit("pytorch", fastest, ours, unit));
    }
  }

  private static double memoryRate(DevicePlan plan) {
    ComputeDevice device = plan.steps().device();
    NativeThreads.use(plan.steps().threads());
    try {
      return new DeviceMemoryRate(
              device, device.isProcessor() ? PROCESSOR_MEMORY_BYTES : GPU_MEMORY_BYTES)
          .measure();
    } finally {
      NativeThreads.use(1);
    }
  }

  private static double matrixRate(LargeStepPlan plan) {
    plan.arithmetic().useForProcess();
    NativeThreads.use(plan.threads());
    try (DeviceMatrixRate rate =
        new DeviceMatrixRate(
            plan.device(), plan.arithmetic(), plan.behaviorImages(), plan.dimension())) {
      return rate.measure();
    } finally {
      NativeThreads.use(1);
    }
  }

  private static void steps(
      LargeStepPlan plan, Python python, ProgressListener progress, BenchReport.Builder report) {
    double matrixRate = matrixRate(plan);
    LargeStepMeasurement measured = new LargeStepBenchmark(plan).run(progress);
    String group = plan.arithmetic().label();
    report
        .setting("attention_kernel", measured.kernels().attention())
        .setting("gather_kernel", measured.kernels().gather())
        .group(group)
        .figure("matrix_gigaflops", matrixRate, MachineLimits.MATRIX_UNIT)
        .figure("step_ms", measured.stepMs(), "ms")
        .figure("mean_step_ms", measured.meanStepMs(), "ms")
        .figure("arrays_step_ms", measured.arraysStepMs(), "ms")
        .figure("server_forward_ms", measured.forwardMs(), "ms")
        .figure("network_ms", measured.networkMs(), "ms")
        .figure("server_backward_ms", measured.backwardMs(), "ms")
        .figure("device_images_ms", measured.deviceImagesMs(), "ms")
        .figure("samples_per_second", measured.samplesPerSecond(), SAMPLES_UNIT)
        .figure("mean_samples_per_second", measured.meanSamplesPerSecond(), SAMPLES_UNIT)
        .figure("server_gigaflops", measured.imageGigaflops(), MachineLimits.MATRIX_UNIT)
        .figure("server_fraction_of_matrix_rate", measured.imageGigaflops() / matrixRate, "")
        .figure("device_fraction_of_matrix_rate", measured.deviceImageGigaflops() / matrixRate, "")
        .limit("matrix_rate", matrixRate, measured.imageGigaflops(), MachineLimits.MATRIX_UNIT);
    // A mean, as PyTorch's is.
    python.report(
        group, "samples_per_second", measured.meanSamplesPerSecond(), SAMPLES_UNIT, report);
  }

  private static void vgg16(
      DeviceVgg16 vgg16, Python python, ProgressListener progress, BenchReport.Builder report)
      throws IOException {
    for (DeviceVgg16.Rate rate : vgg16.measure(progress)) {
      String group = VGG16_GROUP + rate.precision();
      report
          .setting("bias_relu_kernel", rate.usesKernel())
          .group(group)
          .figure("images_per_second", rate.picturesPerSecond(), PICTURES_UNIT)
          .figure("least_cosine_to_float32", rate.leastCosine(), "");
      rate.devicePicturesPerSecond()
          .ifPresent(
              ofDevice -> report.figure("device_images_per_second", ofDevice, PICTURES_UNIT));
      python.report(group, "images_per_second", rate.picturesPerSecond(), PICTURES_UNIT, report);
    }
  }

  private static void agreement(
      LargeStepPlan plan, ProgressListener progress, BenchReport.Builder report) {
    DeviceAgreement agreement = DeviceAgreement.of(plan, progress);
    report
        .group("agreement_with_processor")
        .figure("compared_steps", agreement.steps(), "")
        .figure("largest_difference_of_losses", agreement.largestDifference(), "")
        .figure("last_loss", agreement.lastLoss(), "");
  }

  private static Machine machine(ComputeDevice device) {
    if (device.isProcessor()) {
      return Machine.here();
    }
    Optional<GpuMonitor> opened = GpuMonitor.open(List.of(device));
    String name = device.label();
    if (opened.isPresent()) {
      try (GpuMonitor monitor = opened.get()) {
        name = monitor.read().stream().map(gpu -> gpu.name()).collect(Collectors.joining(", "));
      }
    }
    return Machine.here().withGpu(name.isEmpty() ? device.label() : name);
  }
}
