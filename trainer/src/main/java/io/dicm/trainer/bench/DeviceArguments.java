package io.dicm.trainer.bench;

import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.device.DeviceResolver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@link DeviceProgram} is told: {@code name=value}, each name once at most. */
final class DeviceArguments {
  private static final String DEVICE = "device";
  private static final String ARITHMETIC = "arithmetic";
  private static final String VECTORS = "vectors";
  private static final String WARM_UP = "warm-up";
  private static final String STEPS = "steps";
  private static final String AGREEMENT_STEPS = "agreement-steps";
  private static final String PICTURES = "pictures";
  private static final String BATCH_SIZE = "batch-size";
  private static final String KERNELS = "kernels";
  private static final String OWN = "own";
  private static final String ANY = "any";

  private final Map<String, String> values = defaults();
  private final boolean requiresKernels;
  private final ComputeDevice device;
  private final List<LargeStepPlan> plans = new ArrayList<>();

  /**
   * Finds the device, and checks all that is said.
   *
   * @throws DicmException {@link ErrorCode#USAGE} or {@link ErrorCode#CONFIGURATION_INVALID} naming
   *     the argument and what is allowed, {@link ErrorCode#GPU_UNAVAILABLE}
   */
  DeviceArguments(List<String> arguments) {
    for (String argument : arguments) {
      String[] pair = argument.split("=", 2);
      if (pair.length < 2 || values.replace(pair[0], pair[1]) == null) {
        throw cannot(argument, "name=value with a name of " + String.join(", ", values.keySet()));
      }
    }
    this.requiresKernels = readRequiresKernels();
    this.device = readDevice();
    if (number(BATCH_SIZE) == 0) {
      throw cannot(BATCH_SIZE + "=0", "1 or more");
    }
    if (pictures() > 0 && isAgreement()) {
      throw cannot(PICTURES + "=" + pictures(), "0 with " + AGREEMENT_STEPS);
    }
    for (String word : values.get(ARITHMETIC).split(",", -1)) {
      Arithmetic arithmetic = Arithmetic.of(ARITHMETIC, word);
      plans.add(
          isAgreement()
              ? plan(arithmetic, 0, number(AGREEMENT_STEPS))
              : plan(arithmetic, number(WARM_UP), number(STEPS)));
    }
  }

  /** All names, with the values that they have where nothing is said. */
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
    defaults.put(PICTURES, "0");
    defaults.put(BATCH_SIZE, "64");
    defaults.put(KERNELS, OWN);
    return defaults;
  }

  /** Where it is measured. */
  ComputeDevice device() {
    return device;
  }

  /** The device's word, as it was given. */
  String deviceWord() {
    return values.get(DEVICE);
  }

  /** Whether a kernel of our own that is missing on a GPU ends the program. */
  boolean requiresKernels() {
    return requiresKernels;
  }

  /** Whether steps are compared with the processor's instead of measured. */
  boolean isAgreement() {
    return number(AGREEMENT_STEPS) > 0;
  }

  /** Steps in each arithmetic that is asked for. */
  List<LargeStepPlan> plans() {
    return plans;
  }

  /** Pictures that go through VGG16 instead of steps, or 0. */
  int pictures() {
    return number(PICTURES);
  }

  /** Pictures of a batch. */
  int batchSize() {
    return number(BATCH_SIZE);
  }

  /** Of the processor. */
  int threads() {
    return number("threads");
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
        threads(),
        warmUp,
        steps);
  }

  private VectorPrecision vectors() {
    for (VectorPrecision precision : VectorPrecision.values()) {
      if (precision.name().toLowerCase(Locale.ROOT).equals(values.get(VECTORS))) {
        return precision;
      }
    }
    throw cannot(VECTORS + "=" + values.get(VECTORS), "float32 or float16");
  }

  private ComputeDevice readDevice() {
    return switch (values.get(DEVICE)) {
      case "cpu" -> ComputeDevice.PROCESSOR;
      case "cuda" -> DeviceResolver.here().resolve(DeviceChoice.CUDA, DEVICE + "=cuda");
      default -> throw cannot(DEVICE + "=" + values.get(DEVICE), "cpu or cuda");
    };
  }

  private boolean readRequiresKernels() {
    return switch (values.get(KERNELS)) {
      case OWN -> true;
      case ANY -> false;
      default -> throw cannot(KERNELS + "=" + values.get(KERNELS), "own or any");
    };
  }

  private int number(String name) {
    String value = values.get(name);
    if (!value.matches("[0-9]{1,9}")) {
      throw cannot(name + "=" + value, "a whole number");
    }
    return Integer.parseInt(value);
  }

  private static DicmException cannot(String argument, String allowed) {
    return new DicmException(
        ErrorCode.USAGE, "Cannot take '%s': allowed is %s.".formatted(argument, allowed));
  }
}
