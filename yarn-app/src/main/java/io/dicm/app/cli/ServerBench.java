package io.dicm.app.cli;

import io.dicm.ams.bench.BenchmarkPlan;
import io.dicm.ams.bench.ServerBenchmark;
import io.dicm.ams.bench.ServerMeasurement;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.Machine;
import io.dicm.app.bench.MachineLimits;
import java.util.ArrayList;
import java.util.List;
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
            LaunchOptions.value(
                "images-per-step",
                "N",
                "ams, gpu: different images of a step (default: ams "
                    + IMAGES_PER_STEP
                    + ", gpu 320000, on the processor 8000)"))
        .addOption(BenchOptions.number("dimension", "length of an image vector", DIMENSION))
        .addOption(
            LaunchOptions.value(
                "steps",
                "N",
                "measured steps (default: ams 30, step 100, table2 20, scale 60, models 10, gpu 20,"
                    + " on the processor 5)"))
        .addOption(
            LaunchOptions.value(
                "vectors",
                "P",
                "ams, gpu: in the server's memory: float32 (default of ams) or float16 (of gpu)"));
  }

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws InterruptedException, UsageException {
    List<BenchmarkPlan> plans = plans(line);
    BenchReport.Builder report = new BenchReport.Builder(name());
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    try {
      MachineLimits limits = new MachineLimits();
      double memory = limits.memoryBandwidth();
      double loopback = limits.loopbackBandwidth();
      for (BenchmarkPlan plan : plans) {
        report(
            new ServerBenchmark(plan)
                .run((done, total, note) -> bar.show("bench", (float) done / total, note)),
            memory,
            loopback,
            report);
      }
    } finally {
      bar.clear();
    }
    return report.build(Machine.here());
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
      ServerMeasurement measured, double memory, double loopback, BenchReport.Builder report) {
    BenchmarkPlan plan = measured.plan();
    double stepBytes = measured.bytesPerImage() * plan.imagesPerStep();
    report
        .group("threads_" + plan.threads())
        .figure("gemm_gigaflops", measured.gemmGigaflops(), MachineLimits.MATRIX_UNIT)
        .figure("step_ms", measured.stepMs(), "ms")
        .figure("server_compute_ms", measured.computeMs(), "ms")
        .figure("server_gigaflops", measured.computeGigaflops(), MachineLimits.MATRIX_UNIT)
        .figure("server_fraction_of_gemm", measured.fractionOfGemm(), "")
        .figure("fraction_not_computing", measured.fractionOfCalls(), "")
        .figure("bytes_per_image", measured.bytesPerImage(), "bytes")
        .figure("raw_vector_by_bytes", measured.savingFactor(), "")
        .limit(
            "matrix_rate",
            measured.gemmGigaflops(),
            measured.fractionOfGemm() * measured.gemmGigaflops(),
            MachineLimits.MATRIX_UNIT)
        .limit(
            "memory_bandwidth",
            memory,
            gatheredBytes(plan) / 1e6 / measured.computeMs(),
            MachineLimits.BANDWIDTH_UNIT)
        .limit(
            "loopback",
            loopback,
            stepBytes / 1e6 / measured.stepMs(),
            MachineLimits.BANDWIDTH_UNIT);
  }

  /** Vectors read from the shard and written, as float32, to where a product reads them. */
  private static double gatheredBytes(BenchmarkPlan plan) {
    double values = (double) plan.imagesPerStep() * plan.dimension();
    int stored = plan.vectors() == VectorPrecision.FLOAT16 ? Short.BYTES : Float.BYTES;
    return values * (stored + Float.BYTES);
  }
}
