package io.dicm.app.cli;

import io.dicm.ams.shard.VectorPrecision;
import io.dicm.app.bench.DevicePlan;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.device.DeviceResolver;
import io.dicm.trainer.bench.LargeStepPlan;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * What {@code bench gpu} is asked for.
 *
 * @param plan what is measured, on the device that was found
 * @param arithmetics to measure steps in, in turn
 * @param withPython whether PyTorch is measured too
 */
record GpuBenchOptions(DevicePlan plan, List<Arithmetic> arithmetics, boolean withPython) {
  private static final String PART = "gpu";
  private static final String DEVICE = "device";
  private static final String ARITHMETIC = "arithmetic";
  private static final String IDS = "ids";
  private static final String NO_PYTHON = "no-python";
  private static final String VECTORS = "vectors";

  GpuBenchOptions {
    arithmetics = List.copyOf(arithmetics);
  }

  /** Adds the options that no other part has. */
  static void addTo(Options options) {
    options
        .addOption(
            LaunchOptions.value(
                DEVICE, "D", "gpu: where to compute: " + DeviceChoice.labels() + " (default auto)"))
        .addOption(
            LaunchOptions.value(
                ARITHMETIC,
                "A,A",
                "gpu: of "
                    + labels()
                    + " in turn (default: all on a GPU, float32 on the processor)"))
        .addOption(
            LaunchOptions.value(
                IDS, "N", "gpu: different IDs of a step (default 200000, on the processor 10000)"))
        .addOption(LaunchOptions.flag(NO_PYTHON, "gpu: do not measure PyTorch beside it"));
  }

  /** Reads them and finds the device; nothing of libtorch may have been used before. */
  static GpuBenchOptions of(CommandLine line) throws UsageException {
    BenchOptions.refuse(line, PART, "precision", "--" + ARITHMETIC);
    BenchOptions.refuse(line, PART, "images", "--images-per-step");
    String choice = line.getOptionValue(DEVICE, DeviceChoice.AUTO.label());
    DeviceChoice where =
        DeviceChoice.of(choice)
            .orElseThrow(
                () ->
                    new UsageException(
                        "--%s was '%s', allowed is one of %s"
                            .formatted(DEVICE, choice, DeviceChoice.labels())));
    List<Arithmetic> asked = arithmetics(line);
    int threads = BenchOptions.oneOfThreads(line, PART, Runtime.getRuntime().availableProcessors());
    ComputeDevice device = DeviceResolver.here().resolve(where, "--" + DEVICE + "=" + choice);
    List<Arithmetic> arithmetics = asked.isEmpty() ? all(device) : asked;
    return new GpuBenchOptions(
        plan(line, DevicePlan.of(device, threads)), arithmetics, !line.hasOption(NO_PYTHON));
  }

  private static List<Arithmetic> all(ComputeDevice device) {
    return device.isProcessor() ? List.of(Arithmetic.FLOAT32) : List.of(Arithmetic.values());
  }

  /** Empty: none was asked for. */
  private static List<Arithmetic> arithmetics(CommandLine line) throws UsageException {
    Set<Arithmetic> arithmetics = new LinkedHashSet<>();
    if (line.hasOption(ARITHMETIC)) {
      for (String word : line.getOptionValue(ARITHMETIC).split(",", -1)) {
        arithmetics.add(
            Arrays.stream(Arithmetic.values())
                .filter(arithmetic -> arithmetic.label().equals(word))
                .findFirst()
                .orElseThrow(
                    () ->
                        new UsageException(
                            "--%s had '%s', allowed are %s, with commas between them"
                                .formatted(ARITHMETIC, word, labels()))));
      }
    }
    return List.copyOf(arithmetics);
  }

  private static String labels() {
    return Arrays.stream(Arithmetic.values())
        .map(Arithmetic::label)
        .collect(Collectors.joining(", "));
  }

  private static DevicePlan plan(CommandLine line, DevicePlan normal) throws UsageException {
    LargeStepPlan steps = normal.steps();
    VectorPrecision vectors =
        line.hasOption(VECTORS)
            ? BenchOptions.choice(line, VECTORS, VectorPrecision.class)
            : steps.vectors();
    return new DevicePlan(
        new LargeStepPlan(
            BenchOptions.number(line, "batch-size", steps.impressions()),
            steps.behaviors(),
            BenchOptions.number(line, "images-per-step", steps.images()),
            BenchOptions.number(line, IDS, steps.ids()),
            BenchOptions.number(line, "dimension", steps.dimension()),
            vectors,
            steps.device(),
            steps.arithmetic(),
            steps.threads(),
            BenchOptions.number(line, "warm-up", steps.warmUpSteps()),
            BenchOptions.number(line, "steps", steps.steps())),
        normal.batchSize(),
        BenchOptions.number(line, "pictures", normal.pictures()));
  }
}
