package io.dicm.app.cli;

import io.dicm.ams.bench.BenchmarkPlan;
import io.dicm.ams.bench.ServerBenchmark;
import io.dicm.ams.bench.ServerMeasurement;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/**
 * Measures parts of DICM on this machine, against what this machine can do; no cluster is asked.
 */
final class BenchCommand implements Command {
  private static final int DIMENSION = 4096;
  private static final int IMAGES = 20_000;
  private static final int IMAGES_PER_STEP = 4096;
  private static final int STEPS = 30;

  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "measure a part of DICM on this machine: 'ams', a step of an Advanced Model Server, or"
        + " 'step', training against a plain libtorch loop";
  }

  @Override
  public String arguments() {
    return "ams|step";
  }

  @Override
  public Options options() {
    Options options =
        new Options()
            .addOption(number("images", "image vectors in the server", IMAGES))
            .addOption(number("images-per-step", "different images of a step", IMAGES_PER_STEP))
            .addOption(number("dimension", "length of an image vector", DIMENSION))
            .addOption(
                LaunchOptions.value(
                    "steps",
                    "N",
                    "measured steps (default " + STEPS + "; step: " + StepBench.STEPS + ")"))
            .addOption(
                LaunchOptions.value("threads", "N,N", "compute threads, in turn (default 1,2)"))
            .addOption(
                LaunchOptions.value(
                    "precision", "P", "of codes on the way: float32 (default) or float16"))
            .addOption(
                LaunchOptions.value(
                    "vectors", "P", "in the server's memory: float32 (default) or float16"));
    StepBench.addTo(options);
    return OutputFormat.addTo(options);
  }

  static Option number(String name, String what, int normal) {
    return LaunchOptions.value(name, "N", what + " (default " + normal + ")");
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws UsageException, IOException, InterruptedException {
    String part = line.getArgs().length == 1 ? line.getArgs()[0] : "";
    if (!part.equals("ams") && !part.equals("step")) {
      throw new UsageException("bench needs the part to measure: ams or step");
    }
    OutputFormat format = OutputFormat.of(line);
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    ProgressListener progress =
        (done, total, note) -> bar.show("bench", (float) done / total, note);
    Map<String, String> result;
    try {
      result =
          part.equals("ams")
              ? servers(line, progress)
              : new StepBench(context.conf(), line).run(progress);
    } finally {
      bar.clear();
    }
    context.out().print(format.write(result));
  }

  private static Map<String, String> servers(CommandLine line, ProgressListener progress)
      throws UsageException {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    for (BenchmarkPlan plan : plans(line)) {
      ServerMeasurement measured = new ServerBenchmark(plan).run(progress);
      report(measured, "threads_" + plan.threads() + ".", result);
    }
    return result;
  }

  private static List<BenchmarkPlan> plans(CommandLine line) throws UsageException {
    List<BenchmarkPlan> plans = new ArrayList<>();
    for (String threads : line.getOptionValue("threads", "1,2").split(",", -1)) {
      plans.add(
          new BenchmarkPlan(
              number(line, "images", IMAGES),
              number(line, "dimension", DIMENSION),
              number(line, "images-per-step", IMAGES_PER_STEP),
              number(line, "steps", STEPS),
              number("threads", threads),
              choice(line, "precision", RowPrecision.class),
              choice(line, "vectors", VectorPrecision.class)));
    }
    return plans;
  }

  static int number(CommandLine line, String option, int normal) throws UsageException {
    return number(option, line.getOptionValue(option, Integer.toString(normal)));
  }

  static int number(String option, String value) throws UsageException {
    if (!value.matches("[0-9]{1,9}")) {
      throw new UsageException("--" + option + " was '" + value + "', needed a whole number");
    }
    return Integer.parseInt(value);
  }

  private static <E extends Enum<E>> E choice(CommandLine line, String option, Class<E> type)
      throws UsageException {
    String name = line.getOptionValue(option, "float32");
    for (E value : type.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    throw new UsageException("--" + option + " was '" + name + "', allowed is float32 or float16");
  }

  private static void report(
      ServerMeasurement measured, String prefix, Map<String, String> result) {
    put(result, prefix + "gemm_gigaflops", measured.gemmGigaflops());
    put(result, prefix + "step_ms", measured.stepMs());
    put(result, prefix + "server_compute_ms", measured.computeMs());
    put(result, prefix + "server_gigaflops", measured.computeGigaflops());
    put(result, prefix + "server_fraction_of_gemm", measured.fractionOfGemm());
    put(result, prefix + "fraction_not_computing", measured.fractionOfCalls());
    put(result, prefix + "bytes_per_image", measured.bytesPerImage());
    put(result, prefix + "raw_vector_by_bytes", measured.savingFactor());
  }

  private static void put(Map<String, String> result, String key, double value) {
    result.put(key, String.format(Locale.ROOT, "%.3f", value));
  }
}
