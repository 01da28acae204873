package io.dicm.app.cli;

import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.Machine;
import io.dicm.app.bench.MachineLimits;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.trainer.bench.LayoutComparison;
import io.dicm.trainer.bench.LayoutFigures;
import io.dicm.trainer.bench.LayoutFigures.LookUps;
import io.dicm.trainer.bench.ReadRate;
import io.dicm.trainer.bench.StepData;
import io.dicm.trainer.sample.ShuffleOptions;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.fs.Path;

/** Measures what storing and asking for a user's features once saves. */
final class LayoutBench implements BenchPart {
  private static final int BATCH_SIZE = 1024;

  @Override
  public String name() {
    return "layout";
  }

  @Override
  public String summary() {
    return "bytes and look-ups of samples against a row an impression";
  }

  /** It shares its options with other parts. */
  @Override
  public void addOptions(Options options) {}

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    int batchSize = BenchOptions.number(line, "batch-size", BATCH_SIZE);
    if (batchSize < 1) {
      throw new UsageException("--batch-size was 0, needed 1 or more");
    }
    ShuffleOptions shuffle = ShuffleOptions.of(DicmConfiguration.of(context.conf()));
    try (BenchData data = new BenchData(context.conf(), line)) {
      StepData samples = data.make();
      LayoutFigures figures =
          new LayoutComparison(
                  context.conf(), samples.schema(context.conf()), new Path(samples.samples()))
              .run(new Path(data.folder().toUri()), batchSize, shuffle);
      ReadRate reading = ReadRate.measure(context.conf(), samples);
      return report(data.description(), batchSize, figures, reading);
    }
  }

  private BenchReport report(String data, int batchSize, LayoutFigures figures, ReadRate reading) {
    BenchReport.Builder report =
        new BenchReport.Builder(name())
            .setting("data", data)
            .setting("batch_size", batchSize)
            .figure("training_samples", (double) figures.samples(), "")
            .figure("training_impressions", (double) figures.impressions(), "")
            .figure("flat_by_nested", figures.flatRatio(), "")
            .figure("flat_shuffled_by_nested", figures.shuffledRatio(), "")
            .figure("samples_read_per_second", reading.samplesPerSecond(), "samples/s");
    report.group("flat").figure("bytes", (double) figures.flatBytes(), "bytes");
    put(report, figures.flat(), figures.impressions());
    report.group("flat_shuffled").figure("bytes", (double) figures.shuffledBytes(), "bytes");
    report.group("nested").figure("bytes", (double) figures.nestedBytes(), "bytes");
    put(report.group("sample"), figures.bySample(), figures.impressions());
    put(report.group("batch"), figures.byBatch(), figures.impressions());
    return report
        .group("")
        .limit(
            "file_reading",
            reading.bareGigabytesPerSecond(),
            reading.gigabytesPerSecond(),
            MachineLimits.BANDWIDTH_UNIT)
        .note(
            "file_reading: the files' bytes, from the operating system's cache, beside samples"
                + " decompressed and assembled on one thread.")
        .build(Machine.here());
  }

  private static void put(BenchReport.Builder report, LookUps lookUps, long impressions) {
    report
        .figure("images_per_impression", (double) lookUps.images() / impressions, "")
        .figure("ids_per_impression", (double) lookUps.ids() / impressions, "");
  }
}
