package io.dicm.app.cli;

import io.dicm.app.bench.ExtractBenchmark;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.bench.ExtractRate;
import io.dicm.feature.bench.GeneratedPictures;
import io.dicm.feature.bench.MeasuredExtraction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
        BenchOptions.number("pictures", "extract: measured pictures of a round", PICTURES));
  }

  @Override
  public void run(CommandContext context, CommandLine line, OutputFormat format)
      throws IOException, InterruptedException, UsageException {
    int rounds = BenchOptions.number(line, "rounds", ROUNDS);
    if (rounds < 1) {
      throw new UsageException("--rounds was 0, needed 1 or more");
    }
    if (line.hasOption("batch-size")) {
      throw new UsageException(
          "extract takes no --batch-size: use -D " + DicmKeys.EXTRACT_BATCH_SIZE + "=N");
    }
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    Map<String, String> result = new LinkedHashMap<>();
    result.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    try (BenchData temporary = new BenchData(context.conf(), line)) {
      String pictures = pictures(line, temporary.folder());
      for (int threads : BenchOptions.threads(line, "2")) {
        MeasuredExtraction plan = plan(context, line, pictures, threads);
        ExtractBenchmark.Result measured =
            new ExtractBenchmark(context.conf(), plan, temporary.folder())
                .run(rounds, (done, total, note) -> bar.show("bench", (float) done / total, note));
        report(measured, "threads_" + threads + ".", result);
      }
    } finally {
      bar.clear();
    }
    context.out().print(format.write(result));
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

  private static void report(
      ExtractBenchmark.Result measured, String prefix, Map<String, String> result) {
    ExtractRate container = measured.container();
    put(result, prefix + "images_per_second", container.picturesPerSecond());
    put(result, prefix + "libtorch_images_per_second", measured.libtorch().picturesPerSecond());
    put(result, prefix + "by_libtorch", measured.ratio());
    put(result, prefix + "network_share", container.encodeSeconds() / container.seconds());
    put(result, prefix + "decode_share", container.decodeSeconds() / container.seconds());
    put(result, prefix + "wait_for_decoders_share", container.waitSeconds() / container.seconds());
    result.put(prefix + "rejected", Long.toString(container.rejected()));
    put(result, prefix + "peak_memory_mib", container.peakBytes() / MIB);
    put(result, prefix + "libtorch_peak_memory_mib", measured.libtorch().peakBytes() / MIB);
  }

  private static void put(Map<String, String> result, String key, double value) {
    result.put(key, String.format(Locale.ROOT, "%.3f", value));
  }
}
