package io.dicm.app.cli;

import io.dicm.ams.bench.BenchmarkPlan;
import io.dicm.ams.bench.ServerBenchmark;
import io.dicm.ams.bench.ServerMeasurement;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.wire.RowPrecision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Measures a step of an Advanced Model Server against the machine's matrix products. */
final class ServerBench implements BenchPart {
  private static final int DIMENSION = 4096;
  private static final int IMAGES = 20_000;
  private static final int IMAGES_PER_STEP = 4096;
  private static final int STEPS = 30;

  @Override
  public String name() {
    return "ams";
  }

  @Override
  public String summary() {
    return "a step of an Advanced Model Server";
  }

  @Override
  public void addOptions(Options options) {
    options
        .addOption(
            LaunchOptions.value(
                "images",
                "N|DIR",
                "ams: image vectors in the server (default "
                    + IMAGES
                    + "); extract: folder of pictures on this machine (default: generated)"))
        .addOption(
            BenchOptions.number(
                "images-per-step", "ams: different images of a step", IMAGES_PER_STEP))
        .addOption(BenchOptions.number("dimension", "length of an image vector", DIMENSION))
        .addOption(
            LaunchOptions.value(
                "steps", "N", "measured steps (default: ams 30, step 60, table2 20)"))
        .addOption(
            LaunchOptions.value(
                "vectors", "P", "ams: in the server's memory: float32 (default) or float16"));
  }

  @Override
  public void run(CommandContext context, CommandLine line, OutputFormat format)
      throws UsageException {
    List<BenchmarkPlan> plans = plans(line);
    Map<String, String> result = new LinkedHashMap<>();
    result.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    try {
      for (BenchmarkPlan plan : plans) {
        ServerMeasurement measured =
            new ServerBenchmark(plan)
                .run((done, total, note) -> bar.show("bench", (float) done / total, note));
        report(measured, "threads_" + plan.threads() + ".", result);
      }
    } finally {
      bar.clear();
    }
    context.out().print(format.write(result));
  }

  private static List<BenchmarkPlan> plans(CommandLine line) throws UsageException {
    List<BenchmarkPlan> plans = new ArrayList<>();
    for (int threads : BenchOptions.threads(line, "1,2")) {
      plans.add(
          new BenchmarkPlan(
              BenchOptions.number(line, "images", IMAGES),
              BenchOptions.number(line, "dimension", DIMENSION),
              BenchOptions.number(line, "images-per-step", IMAGES_PER_STEP),
              BenchOptions.number(line, "steps", STEPS),
              threads,
              BenchOptions.precision(line, RowPrecision.class),
              BenchOptions.choice(line, "vectors", VectorPrecision.class)));
    }
    return plans;
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
