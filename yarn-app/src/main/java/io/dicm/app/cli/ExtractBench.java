package io.dicm.app.cli;

import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.ExtractBenchmark;
import io.dicm.app.bench.Machine;
import io.dicm.app.bench.MachineLimits;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.bench.ExtractRate;
import io.dicm.feature.bench.GeneratedPictures;
import io.dicm.feature.bench.MeasuredExtraction;
import io.dicm.feature.bench.PlainVgg16;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/**
 * Measures what one container of extraction does, from picture files to vectors, against libtorch
 * alone in the same run.
 */
final class ExtractBench implements BenchPart {
  private static final int PICTURES = 64;
  private static final int GENERATED = 32;
  private static final int ROUNDS = 3;
  private static final int WARM_UP_BATCHES = 2;
  private static final double MIB = 1 << 20;
  private static final String VGG16 = "vgg16";
  private static final String RATE_UNIT = "images/s";

  @Override
  public String name() {
    return "extract";
  }

  @Override
  public String summary() {
    return "a container's way from pictures to vectors against libtorch alone";
  }

  @Override
  public void addOptions(Options options) {
    options.addOption(
        LaunchOptions.value(
            "pictures",
            "N",
            "extract: measured pictures of a round (default "
                + PICTURES
                + "); gpu: of VGG16 in each precision (default 1280, on the processor 4; 0: none)"));
  }

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    int rounds = BenchOptions.rounds(line, ROUNDS);
    BenchOptions.refuse(line, name(), "batch-size", "-D " + DicmKeys.EXTRACT_BATCH_SIZE + "=N");
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    BenchReport.Builder report = new BenchReport.Builder(name());
    try (BenchData temporary = new BenchData(context.conf(), line)) {
      String pictures = pictures(line, temporary.folder());
      for (int threads : BenchOptions.threads(line, "2")) {
        MeasuredExtraction plan = plan(context, line, pictures, threads);
        ExtractBenchmark.Result measured =
            new ExtractBenchmark(context.conf(), plan, temporary.folder())
                .run(rounds, (done, total, note) -> bar.show("bench", (float) done / total, note));
        report.group("threads_" + threads);
        report(measured, report);
        if (DicmConfiguration.of(context.conf()).text(DicmKeys.EXTRACT_ENCODER).equals(VGG16)) {
          double gigaOperations = PlainVgg16.operationsPerPicture() / 1e9;
          report.limit(
              "matrix_rate",
              new MachineLimits().matrixRate(threads),
              measured.container().picturesPerSecond() * gigaOperations,
              MachineLimits.MATRIX_UNIT);
        }
      }
    } finally {
      bar.clear();
    }
    return report.build(Machine.here());
  }

  private static MeasuredExtraction plan(
      CommandContext context, CommandLine line, String pictures, int threads)
      throws UsageException {
    int batchSize =
        DicmConfiguration.of(context.conf()).integer(DicmKeys.EXTRACT_BATCH_SIZE, 1, 1024);
    return new MeasuredExtraction(
        pictures,
        WARM_UP_BATCHES * batchSize,
        BenchOptions.number(line, "pictures", PICTURES),
        batchSize,
        threads);
  }

  private static String pictures(CommandLine line, Path temporary) throws IOException {
    if (line.hasOption("images")) {
      return line.getOptionValue("images");
    }
    Path folder = Files.createDirectory(temporary.resolve("pictures"));
    GeneratedPictures.write(folder, GENERATED);
    return folder.toString();
  }

  private static void report(ExtractBenchmark.Result measured, BenchReport.Builder report) {
    ExtractRate container = measured.container();
    double libtorch = measured.libtorch().picturesPerSecond();
    report
        .figure("images_per_second", container.picturesPerSecond(), RATE_UNIT)
        .figure("libtorch_images_per_second", libtorch, RATE_UNIT)
        .figure("by_libtorch", measured.ratio(), "")
        .figure("network_share", container.encodeSeconds() / container.seconds(), "")
        .figure("decode_share", container.decodeSeconds() / container.seconds(), "")
        .figure("wait_for_decoders_share", container.waitSeconds() / container.seconds(), "")
        .figure("rejected", (double) container.rejected(), "")
        .figure("peak_memory_mib", container.peakBytes() / MIB, "MiB")
        .figure("libtorch_peak_memory_mib", measured.libtorch().peakBytes() / MIB, "MiB")
        .limit("libtorch", libtorch, container.picturesPerSecond(), RATE_UNIT);
  }
}
