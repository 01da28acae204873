package io.dicm.app.cli;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.bench.GeneratedData;
import io.dicm.trainer.bench.StoredData;
import io.dicm.trainer.bench.TrainingData;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What a benchmark trains on: a run's samples and vectors, or generated ones. */
final class BenchData {
  private static final List<String> NAMES = List.of("input", "workspace", "date", "run");

  private BenchData() {}

  static void addOptions(Options options) {
    options
        .addOption(
            LaunchOptions.value(
                "input", "DIR", "table2: your data's input directory; without it: generated data"))
        .addOption(
            LaunchOptions.value(
                "workspace", "DIR", "table2: where extract and samples published your data"))
        .addOption(LaunchOptions.value("date", "YYYY-MM-DD", "table2: day of the vectors"))
        .addOption(LaunchOptions.value("run", "NAME", "table2: run of the samples"));
  }

  static TrainingData of(Configuration hadoop, CommandLine line)
      throws IOException, UsageException {
    List<String> given = NAMES.stream().filter(line::hasOption).toList();
    if (given.isEmpty()) {
      return GeneratedData.posters();
    }
    if (given.size() < NAMES.size()) {
      throw new UsageException("your own data needs all of --input, --workspace, --date and --run");
    }
    Workspace workspace = new Workspace(path(hadoop, line, "workspace"));
    FeatureSnapshot vectors =
        FeatureStore.open(
                hadoop,
                workspace.features(
                    EncoderProviders.configured(hadoop).describe(hadoop).extractorId()))
            .snapshot(line.getOptionValue("date"));
    DicmConfiguration conf = DicmConfiguration.of(hadoop);
    return new StoredData(
        hadoop,
        workspace.samples(line.getOptionValue("run")),
        FeatureSchema.read(hadoop, new InputLayout(path(hadoop, line, "input")).features()),
        vectors,
        conf.longInteger(DicmKeys.TRAIN_SEED),
        ContainerSettings.shuffleBuffer(conf));
  }

  private static Path path(Configuration hadoop, CommandLine line, String option)
      throws IOException, UsageException {
    Path path = PathArgument.parse(line.getOptionValue(option));
    return path.getFileSystem(hadoop).makeQualified(path);
  }
}
