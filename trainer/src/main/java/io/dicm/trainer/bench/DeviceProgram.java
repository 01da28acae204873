package io.dicm.trainer.bench;

import io.dicm.ams.bench.DeviceMatrixRate;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures large steps on a device and how far they agree with the processor's, as a program of its
 * own: it needs libtorch and no Hadoop. Prints a line of JSON for each arithmetic.
 */
public final class DeviceProgram {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("device", "cpu");
    DEFAULTS.put("arithmetic", "float32");
    DEFAULTS.put("impressions", "60000");
    DEFAULTS.put("behaviors", "32");
    DEFAULTS.put("images", "320000");
    DEFAULTS.put("ids", "200000");
    DEFAULTS.put("dimension", "4096");
    DEFAULTS.put("vectors", "float16");
    DEFAULTS.put("threads", "2");
    DEFAULTS.put("warm-up", "5");
    DEFAULTS.put("steps", "20");
    DEFAULTS.put("agreement-steps", "0");
  }

  private final Map<String, String> options;
  private final PrintStream out;

  private DeviceProgram(Map<String, String> options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /**
   * @param arguments {@code name=value}; see the defaults. With {@code agreement-steps} so many
   *     steps are made on the processor too, and compared
   */
  public static void main(String[] arguments) {
    Map<String, String> options = new LinkedHashMap<>(DEFAULTS);
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (equals < 0 || !DEFAULTS.containsKey(name)) {
        System.err.println(
            "Cannot take " + argument + ": give name=value of " + DEFAULTS.keySet() + ".");
        System.exit(2);
      }
      options.put(name, argument.substring(equals + 1));
    }
    new DeviceProgram(options, System.out).run();
  }

  private void run() {
    for (String word : options.get("arithmetic").split(",")) {
      Arithmetic arithmetic = Arithmetic.of("arithmetic", word);
      if (number("agreement-steps") > 0) {
        agreement(arithmetic);
      } else {
        steps(arithmetic);
      }
    }
  }

  private void steps(Arithmetic arithmetic) {
    LargeStepPlan plan = plan(arithmetic, number("warm-up"), number("steps"));
    LargeStepMeasurement measured = new LargeStepBenchmark(plan).run(ProgressListener.NONE);
    double matrixRate;
    try (DeviceMatrixRate rate =
        new DeviceMatrixRate(plan.device(), arithmetic, plan.behaviorImages(), plan.dimension())) {
      matrixRate = rate.measure();
    }
    List<Double> losses = measured.losses();
    print(
        arithmetic,
        "step_ms",
        measured.stepMs(),
        "server_forward_ms",
        measured.forwardMs(),
        "network_ms",
        measured.networkMs(),
        "server_backward_ms",
        measured.backwardMs(),
        "samples_per_second",
        measured.samplesPerSecond(),
        "server_gigaflops",
        measured.imageGigaflops(),
        "matrix_gigaflops",
        matrixRate,
        "fraction_of_matrix_rate",
        measured.imageGigaflops() / matrixRate,
        "first_loss",
        losses.get(0),
        "last_loss",
        losses.get(losses.size() - 1));
  }

  private void agreement(Arithmetic arithmetic) {
    DeviceAgreement agreement =
        DeviceAgreement.of(plan(arithmetic, 0, number("agreement-steps")), ProgressListener.NONE);
    print(
        arithmetic,
        "steps",
        agreement.steps(),
        "largest_difference",
        agreement.largestDifference(),
        "last_loss",
        agreement.lastLoss());
  }

  private LargeStepPlan plan(Arithmetic arithmetic, int warmUp, int steps) {
    return new LargeStepPlan(
        number("impressions"),
        number("behaviors"),
        number("images"),
        number("ids"),
        number("dimension"),
        VectorPrecision.valueOf(options.get("vectors").toUpperCase(Locale.ROOT)),
        options.get("device").equals("cpu") ? ComputeDevice.PROCESSOR : ComputeDevice.cuda(0),
        arithmetic,
        number("threads"),
        warmUp,
        steps);
  }

  private int number(String name) {
    return Integer.parseInt(options.get(name));
  }

  private void print(Arithmetic arithmetic, Object... namesAndValues) {
    StringBuilder line = new StringBuilder("{\"device\": \"");
    line.append(options.get("device")).append("\", \"arithmetic\": \"");
    line.append(arithmetic.label()).append('"');
    for (int i = 0; i < namesAndValues.length; i += 2) {
      line.append(", \"").append(namesAndValues[i]).append("\": ").append(namesAndValues[i + 1]);
    }
    out.println(line.append('}'));
  }
}
