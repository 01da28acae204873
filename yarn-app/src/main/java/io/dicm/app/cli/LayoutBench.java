package io.dicm.app.cli;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.trainer.bench.LayoutComparison;
import io.dicm.trainer.bench.LayoutFigures;
import io.dicm.trainer.bench.LayoutFigures.LookUps;
import io.dicm.trainer.bench.StepData;
import io.dicm.trainer.sample.ShuffleOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
  public void run(CommandContext context, CommandLine line, OutputFormat format)
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
      context.out().print(format.write(report(data.description(), batchSize, figures)));
    }
  }

  private static Map<String, String> report(String data, int batchSize, LayoutFigures figures) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("data", data);
    result.put("training_samples", Long.toString(figures.samples()));
    result.put("training_impressions", Long.toString(figures.impressions()));
    result.put("flat.bytes", Long.toString(figures.flatBytes()));
    result.put("flat_shuffled.bytes", Long.toString(figures.shuffledBytes()));
    result.put("nested.bytes", Long.toString(figures.nestedBytes()));
    result.put("flat_by_nested", text(figures.flatRatio()));
    result.put("flat_shuffled_by_nested", text(figures.shuffledRatio()));
    result.put("batch_size", Integer.toString(batchSize));
    put(result, "flat", figures.flat(), figures.impressions());
    put(result, "sample", figures.bySample(), figures.impressions());
    put(result, "batch", figures.byBatch(), figures.impressions());
    return result;
  }

  private static void put(
      Map<String, String> result, String prefix, LookUps lookUps, long impressions) {
    result.put(prefix + ".images_per_impression", text((double) lookUps.images() / impressions));
    result.put(prefix + ".ids_per_impression", text((double) lookUps.ids() / impressions));
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
