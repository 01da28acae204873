package io.dicm.app.cli;

import io.dicm.app.bench.StepBenchmark;
import io.dicm.app.bench.StepBenchmark.Way;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.bench.GeneratedSamples;
import io.dicm.trainer.bench.StepData;
import io.dicm.trainer.bench.StepPlan;
import io.dicm.trainer.bench.StepRate;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.samplejob.SamplesJob;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** {@code bench step}: its options, its data and its result. */
final class StepBench {
  private static final int DIMENSION = 4096;
  private static final int BATCH_SIZE = 1024;
  private static final int WARM_UP_STEPS = 20;

  /** Measured steps. */
  static final int STEPS = 60;

  private static final int ROUNDS = 3;

  private final Configuration conf;
  private final CommandLine line;

  StepBench(Configuration conf, CommandLine line) {
    this.conf = conf;
    this.line = line;
  }

  static void addTo(Options options) {
    options
        .addOption(
            LaunchOptions.value(
                "input", "DIR", "step: train on this input's samples (default: generated samples)"))
        .addOption(
            LaunchOptions.value(
                "samples", "DIR", "step: samples made of the input before (default: made anew)"))
        .addOption(
            LaunchOptions.value(
                "features",
                "DIR",
                "step: an extractor's folder of a feature store (default: random vectors)"))
        .addOption(BenchCommand.number("batch-size", "step: impressions of a step", BATCH_SIZE))
        .addOption(BenchCommand.number("warm-up", "step: steps before", WARM_UP_STEPS))
        .addOption(BenchCommand.number("rounds", "step: rounds; the median counts", ROUNDS))
        .addOption(
            LaunchOptions.value(
                "process-threads",
                "P,S,W",
                "step: compute threads of plain loop, server and worker (default 2,1,1)"));
  }

  /** Measures; everything temporary is gone afterwards. */
  Map<String, String> run(ProgressListener progress)
      throws IOException, InterruptedException, UsageException {
    StepBenchmark.Threads threads = threads();
    java.nio.file.Path folder = Files.createTempDirectory("dicm-bench");
    try {
      StepPlan plan =
          new StepPlan(
              data(new Path(folder.toUri())),
              BenchCommand.number(line, "batch-size", BATCH_SIZE),
              BenchCommand.number(line, "warm-up", WARM_UP_STEPS),
              BenchCommand.number(line, "steps", STEPS));
      int rounds = Math.max(1, BenchCommand.number(line, "rounds", ROUNDS));
      return report(
          plan, threads, new StepBenchmark(conf, plan, threads, folder).run(rounds, progress));
    } finally {
      delete(folder);
    }
  }

  private StepBenchmark.Threads threads() throws UsageException {
    String[] words = line.getOptionValue("process-threads", "2,1,1").split(",", -1);
    if (words.length != 3) {
      throw new UsageException("--process-threads needs three numbers");
    }
    int[] counts = new int[words.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = BenchCommand.number("process-threads", words[i]);
    }
    return new StepBenchmark.Threads(counts[0], counts[1], counts[2]);
  }

  private StepData data(Path folder) throws IOException, InterruptedException, UsageException {
    int dimension = BenchCommand.number(line, "dimension", DIMENSION);
    if (!line.hasOption("input")) {
      if (line.hasOption("samples") || line.hasOption("features")) {
        throw new UsageException("--samples and --features need --input");
      }
      return GeneratedSamples.ofPosterShape().write(conf, folder, dimension);
    }
    InputLayout input = new InputLayout(path("input"));
    return new StepData(
        input.features().toString(),
        new Path(samples(input, folder), "train").toString(),
        line.hasOption("features") ? path("features").toString() : "",
        dimension);
  }

  private Path path(String option) throws IOException, UsageException {
    return Qualified.path(conf, PathArgument.localFirst(conf, line.getOptionValue(option)));
  }

  private Path samples(InputLayout input, Path folder)
      throws IOException, InterruptedException, UsageException {
    if (line.hasOption("samples")) {
      return path("samples");
    }
    Configuration local = new Configuration(conf);
    local.set("mapreduce.framework.name", "local");
    local.set("mapreduce.task.io.sort.mb", "64");
    local.set("hadoop.tmp.dir", new Path(folder, "hadoop").toUri().getPath());
    Path samples = new Path(folder, "samples");
    new SamplesJob(local).run(input.root(), samples, ProgressListener.NONE);
    return samples;
  }

  private static Map<String, String> report(
      StepPlan plan, StepBenchmark.Threads threads, Map<Way, StepRate> rates) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    result.put(
        "threads_plain_server_worker",
        threads.plain() + "," + threads.server() + "," + threads.worker());
    result.put("batch_size", Integer.toString(plan.batchSize()));
    double plain = rates.get(Way.PLAIN_LOOP).samplesPerSecond();
    rates.forEach(
        (way, rate) -> {
          String prefix = way.name().toLowerCase(Locale.ROOT) + ".";
          result.put(prefix + "samples_per_second", text(rate.samplesPerSecond()));
          result.put(prefix + "step_ms", text(rate.stepMs()));
          result.put(prefix + "picture_references", text(rate.pictureReferences()));
          result.put(prefix + "different_pictures", text(rate.differentPictures()));
          result.put(prefix + "by_plain_loop", text(rate.samplesPerSecond() / plain));
        });
    return result;
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.3f" : "%.0f", value);
  }

  private static void delete(java.nio.file.Path folder) throws IOException {
    try (Stream<java.nio.file.Path> files = Files.walk(folder)) {
      List<java.nio.file.Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (java.nio.file.Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
