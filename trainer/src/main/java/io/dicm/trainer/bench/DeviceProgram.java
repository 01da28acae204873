package io.dicm.trainer.bench;

import io.dicm.ams.bench.DeviceMatrixRate;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.device.DeviceResolver;
import io.dicm.feature.device.TorchBuild;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures large steps on a device and how far they agree with the processor's, as a program of its
 * own: it needs libtorch and no Hadoop. Prints a line of JSON for each arithmetic.
 */
public final class DeviceProgram {
  private static final String DEVICE = "device";
  private static final String ARITHMETIC = "arithmetic";
  private static final String VECTORS = "vectors";
  private static final String WARM_UP = "warm-up";
  private static final String STEPS = "steps";
  private static final String AGREEMENT_STEPS = "agreement-steps";
  private static final String KERNELS = "kernels";
  private static final String OWN = "own";
  private static final String ANY = "any";
  private static final int EXIT_FAILED = 1;
  private static final int EXIT_USAGE = 2;

  private final Map<String, String> options;
  private final List<LargeStepPlan> plans = new ArrayList<>();
  private final PrintStream out;
  private final ComputeDevice device;
  private final boolean requiresKernels;

  /**
   * @param arguments {@code name=value}; see {@link #defaults}
   * @throws DicmException {@link ErrorCode#USAGE} or {@link ErrorCode#CONFIGURATION_INVALID} naming
   *     the argument and what is allowed
   */
  DeviceProgram(List<String> arguments, PrintStream out) {
    this.options = options(arguments);
    this.out = out;
    this.requiresKernels = requiresKernels();
    this.device = device();
    boolean isAgreement = number(AGREEMENT_STEPS) > 0;
    for (String word : options.get(ARITHMETIC).split(",", -1)) {
      Arithmetic arithmetic = Arithmetic.of(ARITHMETIC, word);
      plans.add(
          isAgreement
              ? plan(arithmetic, 0, number(AGREEMENT_STEPS))
              : plan(arithmetic, number(WARM_UP), number(STEPS)));
    }
  }

  /**
   * @param arguments {@code name=value}. With {@code agreement-steps} so many steps are made on the
   *     processor too, and compared. On a GPU a kernel of our own that is missing ends the program,
   *     but with {@code kernels=any}
   */
  public static void main(String[] arguments) {
    TorchBuild.chooseProcessorUnlessSaid();
    DeviceProgram program;
    try {
      program = new DeviceProgram(List.of(arguments), System.out);
    } catch (DicmException e) {
      System.err.println(e.oneLine());
      System.exit(EXIT_USAGE);
      return;
    }
    try {
      program.run();
    } catch (DicmException e) {
      System.err.println(e.oneLine());
      System.exit(EXIT_FAILED);
    }
  }

  /** All arguments, with the values that they have where nothing is said. */
  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put(DEVICE, "cpu");
    defaults.put(ARITHMETIC, Arithmetic.FLOAT32.label());
    defaults.put("impressions", "60000");
    defaults.put("behaviors", "32");
    defaults.put("images", "320000");
    defaults.put("ids", "200000");
    defaults.put("dimension", "4096");
    defaults.put(VECTORS, "float16");
    defaults.put("threads", "2");
    defaults.put(WARM_UP, "5");
    defaults.put(STEPS, "20");
    defaults.put(AGREEMENT_STEPS, "0");
    defaults.put(KERNELS, OWN);
    return defaults;
  }

  private static Map<String, String> options(List<String> arguments) {
    Map<String, String> options = defaults();
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length < 2 || options.replace(pair[0], pair[1]) == null) {
        throw cannot(argument, "name=value with a name of " + String.join(", ", options.keySet()));
      }
    }
    return options;
  }

  /**
   * Measures, and prints.
   *
   * @throws DicmException {@link ErrorCode#GPU_FAILED} when a kernel is missing that is required
   */
  void run() {
    boolean isAgreement = number(AGREEMENT_STEPS) > 0;
    for (LargeStepPlan plan : plans) {
      print(plan.arithmetic(), isAgreement ? agreement(plan) : steps(plan));
    }
  }

  private Map<String, Object> steps(LargeStepPlan plan) {
    LargeStepMeasurement measured =
        new LargeStepBenchmark(plan, requiresKernels).run(ProgressListener.NONE);
    double matrixRate;
    try (DeviceMatrixRate rate =
        new DeviceMatrixRate(
            plan.device(), plan.arithmetic(), plan.behaviorImages(), plan.dimension())) {
      matrixRate = rate.measure();
    }
    List<Double> losses = measured.losses();
    Map<String, Object> fields = kernels(measured.kernels());
    fields.put("step_ms", measured.stepMs());
    fields.put("mean_step_ms", measured.meanStepMs());
    fields.put("server_forward_ms", measured.forwardMs());
    fields.put("network_ms", measured.networkMs());
    fields.put("server_backward_ms", measured.backwardMs());
    fields.put("device_images_ms", measured.deviceImagesMs());
    fields.put("samples_per_second", measured.samplesPerSecond());
    fields.put("mean_samples_per_second", measured.meanSamplesPerSecond());
    fields.put("server_gigaflops", measured.imageGigaflops());
    fields.put("matrix_gigaflops", matrixRate);
    fields.put("fraction_of_matrix_rate", measured.imageGigaflops() / matrixRate);
    fields.put("device_fraction_of_matrix_rate", measured.deviceImageGigaflops() / matrixRate);
    fields.put("first_loss", losses.get(0));
    fields.put("last_loss", losses.get(losses.size() - 1));
    return fields;
  }

  private static Map<String, Object> kernels(StepKernels kernels) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("attention_kernel", kernels.attention());
    fields.put("gather_kernel", kernels.gather());
    return fields;
  }

  private Map<String, Object> agreement(LargeStepPlan plan) {
    DeviceAgreement agreement = DeviceAgreement.of(plan, requiresKernels, ProgressListener.NONE);
    Map<String, Object> fields = kernels(agreement.kernels());
    fields.put("steps", agreement.steps());
    fields.put("largest_difference", agreement.largestDifference());
    fields.put("last_loss", agreement.lastLoss());
    return fields;
  }

  private LargeStepPlan plan(Arithmetic arithmetic, int warmUp, int steps) {
    return new LargeStepPlan(
        number("impressions"),
        number("behaviors"),
        number("images"),
        number("ids"),
        number("dimension"),
        vectors(),
        device,
        arithmetic,
        number("threads"),
        warmUp,
        steps);
  }

  private VectorPrecision vectors() {
    for (VectorPrecision precision : VectorPrecision.values()) {
      if (precision.name().toLowerCase(Locale.ROOT).equals(options.get(VECTORS))) {
        return precision;
      }
    }
    throw cannot(VECTORS + "=" + options.get(VECTORS), "float32 or float16");
  }

  private ComputeDevice device() {
    return switch (options.get(DEVICE)) {
      case "cpu" -> ComputeDevice.PROCESSOR;
      case "cuda" -> DeviceResolver.here().resolve(DeviceChoice.CUDA, DEVICE + "=cuda");
      default -> throw cannot(DEVICE + "=" + options.get(DEVICE), "cpu or cuda");
    };
  }

  private boolean requiresKernels() {
    return switch (options.get(KERNELS)) {
      case OWN -> true;
      case ANY -> false;
      default -> throw cannot(KERNELS + "=" + options.get(KERNELS), "own or any");
    };
  }

  private int number(String name) {
    String value = options.get(name);
    if (!value.matches("[0-9]{1,9}")) {
      throw cannot(name + "=" + value, "a whole number");
    }
    return Integer.parseInt(value);
  }

  private static DicmException cannot(String argument, String allowed) {
    return new DicmException(
        ErrorCode.USAGE, "Cannot take '%s': allowed is %s.".formatted(argument, allowed));
  }

  private void print(Arithmetic arithmetic, Map<String, Object> fields) {
    StringBuilder line = new StringBuilder("{\"device\": \"");
    line.append(options.get(DEVICE)).append("\", \"arithmetic\": \"");
    line.append(arithmetic.label()).append('"');
    fields.forEach((name, value) -> line.append(", \"").append(name).append("\": ").append(value));
    out.println(line.append('}'));
  }
}
