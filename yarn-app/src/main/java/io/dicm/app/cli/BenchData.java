package io.dicm.app.cli;

import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.bench.GeneratedSamples;
import io.dicm.trainer.bench.StepData;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.samplejob.SamplesJob;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a benchmark trains on: the user's samples and vectors, or generated ones. What is made for
 * it lies in a temporary folder until it is closed.
 */
final class BenchData implements AutoCloseable {
  private static final int DIMENSION = 4096;

  private final Configuration conf;
  private final CommandLine line;
  private final java.nio.file.Path folder;

  BenchData(Configuration conf, CommandLine line) throws IOException {
    this.conf = conf;
    this.line = line;
    this.folder = Files.createTempDirectory("dicm-bench");
  }

  static void addOptions(Options options) {
    options
        .addOption(
            LaunchOptions.value(
                "input",
                "DIR",
                "step, table2, layout, scale, models: use this input's samples (default: generated samples)"))
        .addOption(
            LaunchOptions.value(
                "samples",
                "DIR",
                "step, table2, layout, scale, models: samples made of the input before (default: made anew)"))
        .addOption(
            LaunchOptions.value(
                "features",
                "DIR",
                "step, table2, scale, models: an extractor's folder of a feature store (default: random"
                    + " vectors)"));
  }

  /** The temporary folder. */
  java.nio.file.Path folder() {
    return folder;
  }

  /** The data, in words. */
  String description() {
    return line.hasOption("input") ? line.getOptionValue("input") : "generated samples";
  }

  /** The data; makes what is not there. */
  StepData make() throws IOException, InterruptedException, UsageException {
    int dimension = BenchOptions.number(line, "dimension", DIMENSION);
    if (!line.hasOption("input")) {
      if (line.hasOption("samples") || line.hasOption("features")) {
        throw new UsageException("--samples and --features need --input");
      }
      return GeneratedSamples.ofPosterShape().write(conf, new Path(folder.toUri()), dimension);
    }
    InputLayout input = new InputLayout(path("input"));
    return new StepData(
        input.features().toString(),
        new Path(samples(input), "train").toString(),
        line.hasOption("features") ? path("features").toString() : "",
        dimension);
  }

  private Path path(String option) throws IOException, UsageException {
    return Qualified.path(conf, PathArgument.localFirst(conf, line.getOptionValue(option)));
  }

  private Path samples(InputLayout input) throws IOException, InterruptedException, UsageException {
    if (line.hasOption("samples")) {
      return path("samples");
    }
    Configuration local = new Configuration(conf);
    local.set("mapreduce.framework.name", "local");
    local.set("mapreduce.task.io.sort.mb", "64");
    Path temporary = new Path(folder.toUri());
    local.set("hadoop.tmp.dir", new Path(temporary, "hadoop").toUri().getPath());
    Path samples = new Path(temporary, "samples");
    new SamplesJob(local).run(input.root(), samples, ProgressListener.NONE);
    return samples;
  }

  @Override
  public void close() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.walk(folder)) {
      List<java.nio.file.Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (java.nio.file.Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
