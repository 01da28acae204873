package io.dicm.app.cli;

import io.dicm.app.ablation.AblationPlace;
import io.dicm.app.pipeline.PipelineFile;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.trainer.ablation.AblationPlan;
import io.dicm.trainer.ablation.AblationRequest;
import io.dicm.trainer.ablation.PlannedRun;
import io.dicm.trainer.ablation.Protocol;
import io.dicm.trainer.ablation.SampleProtocol;
import io.dicm.trainer.ablation.TableName;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.NetworkNeeds;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;

/** The command line of {@code dicm ablation}, understood. */
final class AblationOptions {
  static final String DRY_RUN = "dry-run";

  private static final String FILE = "pipeline file";
  private static final int DEFAULT_SEEDS = 3;
  private static final int MOST_SEEDS = 100;
  private static final int MOST_CONCURRENT = 100;
  private static final int MOST_DAYS = 10_000;

  /** The deviation over users is then known to 7 %. */
  private static final int LEAST_REPLICATES = 100;

  /** What tells variants apart is not the user's to set. */
  private static final List<String> OF_VARIANTS =
      List.of(
          DicmKeys.TRAIN_IMAGES,
          DicmKeys.TRAIN_IMAGE_CONTROL,
          DicmKeys.TRAIN_PLANTED_SIGNAL,
          DicmKeys.TRAIN_WARM_START,
          DicmKeys.TRAIN_WARM_START_MODE,
          DicmKeys.SAMPLES_RUN,
          DicmKeys.RUN_INCREMENTAL,
          DicmKeys.PREDICT_BASELINE);

  private final Configuration conf;
  private final CommandLine line;

  /**
   * @param conf with the command line's generic options
   */
  AblationOptions(Configuration conf, CommandLine line) {
    this.conf = conf;
    this.line = line;
  }

  /** What the command understands. */
  static Options all() {
    Options options = new Options();
    options.addOption(
        LaunchOptions.value("name", "N", "of the ablation, with which its runs' names begin"));
    options.addOption(
        LaunchOptions.value("input", "DIR", "input directory (or " + DicmKeys.INPUT_PATH + ")"));
    options.addOption(
        LaunchOptions.value(
            "workspace",
            "DIR",
            "where outputs are published (or " + DicmKeys.WORKSPACE_PATH + ")"));
    options.addOption(
        LaunchOptions.value(
            "date", "YYYY-MM-DD", "day of the partitions (or " + DicmKeys.RUN_DATE + ")"));
    options.addOption(
        LaunchOptions.value(
            "seeds",
            "K",
            "trainings of each variant, with the seeds from " + DicmKeys.TRAIN_SEED + " on; 3"));
    options.addOption(
        LaunchOptions.value(
            "protocol", "P", Protocol.labels() + "; else what the configuration means"));
    options.addOption(
        LaunchOptions.value(
            "only", "TABLES", "some of " + TableName.labels() + "; else all but the last"));
    options.addOption(LaunchOptions.value("concurrent", "K", "applications at a time; 1"));
    options.addOption(
        LaunchOptions.value(
            "warm-start",
            "MODEL",
            "run or checkpoint that warm variants begin with; else a model of earlier samples"));
    options.addOption(
        LaunchOptions.value(
            "warm-up-days",
            "DAYS",
            "at the end of the training data that such a model does not see, with last-days; 1"));
    options.addOption(LaunchOptions.flag(DRY_RUN, "only print the runs with their settings"));
    return OutputFormat.addTo(options);
  }

  /**
   * Lays the properties of a pipeline file, if one is named, over the configuration.
   *
   * @return the file's settings
   */
  Optional<PipelineSettings> applyFile() throws IOException, UsageException {
    if (line.getArgs().length > 1) {
      throw new UsageException("ablation takes one file, there were " + line.getArgs().length);
    }
    refuseKeysOfVariants();
    if (line.getArgs().length == 0) {
      return Optional.empty();
    }
    PipelineFile file = PipelineFile.read(conf, PathArgument.localFirst(conf, line.getArgs()[0]));
    RunProperties.apply(conf, file.properties(), FILE);
    new KnownKeys().check(conf);
    return Optional.of(file.settings());
  }

  /** Where it reads and writes: what the options say, else the file, else the configuration. */
  AblationPlace place(Optional<PipelineSettings> file) throws IOException, UsageException {
    String name = text("name", file.map(PipelineSettings::run), DicmKeys.RUN_ID);
    if (!PipelineSettings.isRunName(name)) {
      throw new UsageException(
          "--name was '" + name + "', allowed are 1 to 64 letters, digits, '-' and '_'");
    }
    String input = text("input", file.map(known -> known.input().toString()), DicmKeys.INPUT_PATH);
    String workspace =
        text(
            "workspace",
            file.map(known -> known.workspace().root().toString()),
            DicmKeys.WORKSPACE_PATH);
    return new AblationPlace(
        name,
        Qualified.path(conf, PathArgument.parse(input)),
        new Workspace(Qualified.path(conf, PathArgument.parse(workspace))),
        text("date", file.map(PipelineSettings::date), DicmKeys.RUN_DATE),
        EncoderProviders.configured(conf).encodesPictures());
  }

  /**
   * The runs.
   *
   * @throws DicmException {@link ErrorCode#FEATURES_JSON_INVALID} when networks are to be compared
   *     and no {@code features.json} says what they can read
   */
  AblationPlan plan(AblationPlace place) throws UsageException {
    DicmConfiguration ours = DicmConfiguration.of(conf);
    Set<TableName> tables = tables();
    int warmUpDays = integer("warm-up-days", 1, MOST_DAYS);
    AblationRequest request =
        new AblationRequest(
            place.name(),
            tables,
            seeds(ours.longInteger(DicmKeys.TRAIN_SEED)),
            SampleProtocol.of(protocol(), ours, warmUpDays),
            Aggregation.of(ours).kind().label(),
            ours.choice(DicmKeys.MODEL_NETWORK, IdNetworkKind.class).label(),
            tables.contains(TableName.NETWORKS) ? networks(place) : Set.of(),
            line.getOptionValue("warm-start", ""),
            place.plantedSignal().toString());
    AblationPlan plan = AblationPlan.of(request);
    for (PlannedRun run : plan.runs()) {
      if (!PipelineSettings.isRunName(run.name())) {
        throw new UsageException(
            "--name is too long: '"
                + run.name()
                + "' has more than the 64 letters of a run's name");
      }
    }
    requireCheckpoints(plan, ours);
    requireReplicates(ours);
    return plan;
  }

  /** Most applications at a time. */
  int concurrent() throws UsageException {
    return integer("concurrent", 1, MOST_CONCURRENT);
  }

  boolean isDryRun() {
    return line.hasOption(DRY_RUN);
  }

  /**
   * A sentence for each key of the pipeline file that variants have their own values of. It is no
   * error: the file of a daily run says such things.
   */
  List<String> overridden() {
    return OF_VARIANTS.stream()
        .filter(key -> RunProperties.isFrom(conf, key, FILE))
        .filter(key -> !conf.getTrimmed(key, "").isEmpty())
        .map(
            key ->
                "The pipeline file's %s=%s does not count: an ablation sets it for each of its variants."
                    .formatted(key, conf.getTrimmed(key)))
        .toList();
  }

  private void refuseKeysOfVariants() {
    for (String key : OF_VARIANTS) {
      if (RunProperties.isOnCommandLine(conf, key)) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot use -D %s: an ablation sets it for each of its variants. Leave it out."
                .formatted(key));
      }
    }
  }

  /** A warm start takes the last checkpoint of the other day's training. */
  private static void requireCheckpoints(AblationPlan plan, DicmConfiguration conf) {
    boolean needed =
        plan.runs().stream().anyMatch(run -> run.work() == PlannedRun.Work.EARLIER_SAMPLES);
    if (needed && conf.nonNegativeLong(DicmKeys.TRAIN_CHECKPOINT_STEPS) == 0) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot train the model that warm variants begin with: %s was 0, and it is a checkpoint that they begin with. Set it to 1 or more, name another model with --warm-start, or leave table3 and warm-up out with --only."
              .formatted(DicmKeys.TRAIN_CHECKPOINT_STEPS));
    }
  }

  /** Said now: that there are no intervals would be seen when all is trained. */
  private static void requireReplicates(DicmConfiguration conf) {
    long replicates = conf.nonNegativeLong(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES);
    if (replicates < LEAST_REPLICATES) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot say what pictures are worth: %s was %d, and gains have no intervals and controls no verdict with fewer than %d. Leave it out for 200."
              .formatted(DicmKeys.EVALUATE_BOOTSTRAP_REPLICATES, replicates, LEAST_REPLICATES));
    }
  }

  private Set<IdNetworkKind> networks(AblationPlace place) {
    FeatureSchema schema = FeatureSchema.read(conf, new InputLayout(place.input()).features());
    return Arrays.stream(IdNetworkKind.values())
        .filter(kind -> NetworkNeeds.areMet(kind, schema))
        .collect(Collectors.toSet());
  }

  private Set<TableName> tables() throws UsageException {
    if (!line.hasOption("only")) {
      return TableName.usual();
    }
    Set<TableName> tables = EnumSet.noneOf(TableName.class);
    for (String label : line.getOptionValue("only").split(",", -1)) {
      tables.add(
          TableName.of(label.trim())
              .orElseThrow(
                  () ->
                      new UsageException(
                          "--only was '%s', allowed are, joined by commas, %s"
                              .formatted(label.trim(), TableName.labels()))));
    }
    return tables;
  }

  private Optional<Protocol> protocol() throws UsageException {
    String label = line.getOptionValue("protocol");
    if (label == null) {
      return Optional.empty();
    }
    Optional<Protocol> protocol = Protocol.of(label);
    if (protocol.isEmpty()) {
      throw new UsageException(
          "--protocol was '%s', allowed is one of %s".formatted(label, Protocol.labels()));
    }
    return protocol;
  }

  private List<Long> seeds(long first) throws UsageException {
    int count = line.hasOption("seeds") ? integer("seeds", 1, MOST_SEEDS) : DEFAULT_SEEDS;
    return LongStream.range(first, first + count).boxed().toList();
  }

  /** The value of an option, {@code least} without it. */
  private int integer(String option, int least, int most) throws UsageException {
    String value = line.getOptionValue(option, Integer.toString(least));
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notInRange(option, value, least, most);
    }
    throw notInRange(option, value, least, most);
  }

  private static UsageException notInRange(String option, String value, int least, int most) {
    return new UsageException(
        "--%s was '%s', allowed is a whole number from %d to %d"
            .formatted(option, value, least, most));
  }

  private String text(String option, Optional<String> file, String key) throws UsageException {
    String value = line.getOptionValue(option, file.orElse(conf.getTrimmed(key, "")));
    if (value.isEmpty()) {
      throw new UsageException(
          "ablation needs --%s, a pipeline file, or -D %s=...".formatted(option, key));
    }
    return value;
  }
}
