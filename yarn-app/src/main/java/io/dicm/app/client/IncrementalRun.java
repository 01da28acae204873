package io.dicm.app.client;

import io.dicm.ams.server.WarmStartMode;
import io.dicm.app.container.ImageControlSettings;
import io.dicm.app.master.checkpoint.CheckpointOrigin;
import io.dicm.app.master.checkpoint.CheckpointSettings;
import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.samplejob.SamplesJob;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a run the next one of a daily series, {@code dicm.run.incremental}: finds where the
 * training of the newest earlier day ended, and sets {@code dicm.train.warm-start} and {@code
 * dicm.samples.train-from}, unless the user has. Where no earlier day was trained, the run is an
 * ordinary one over all days of the log. For one thread.
 */
public final class IncrementalRun {
  private static final Logger LOG = LoggerFactory.getLogger(IncrementalRun.class);
  private static final String SOURCE = "incremental run";

  private final Configuration hadoop;
  private final DicmConfiguration conf;
  private final PipelineSettings settings;

  /**
   * @param conf the application's configuration, which {@link #prepare} changes
   */
  public IncrementalRun(Configuration conf, PipelineSettings settings) {
    this.hadoop = conf;
    this.conf = DicmConfiguration.of(conf);
    this.settings = settings;
  }

  /**
   * Checks what can be checked without looking at files.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  static void checkSettings(DicmConfiguration conf) {
    conf.choice(DicmKeys.RUN_INCREMENTAL_START, IncrementalStart.class);
    if (mode(conf) != IncrementalMode.OFF && !CheckpointSettings.of(conf).enabled()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot run with %s and %s=0: without a checkpoint the next day's run would have nothing to begin with."
              .formatted(DicmKeys.RUN_INCREMENTAL, DicmKeys.TRAIN_CHECKPOINT_STEPS));
    }
  }

  /**
   * Sets what follows from the earlier days.
   *
   * @return a sentence that says what the training begins with; nothing for a run that is not
   *     incremental, or neither makes samples nor trains
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when a required earlier training is not
   *     there, {@link ErrorCode#SCHEMA_MISMATCH} when there are some and none fits, {@link
   *     ErrorCode#CONFIGURATION_INVALID} when an earlier day has a run of this name
   */
  public Optional<String> prepare() throws IOException {
    IncrementalMode mode = mode(conf);
    boolean concerned = settings.runs(StageName.SAMPLES) || settings.runs(StageName.TRAIN);
    if (mode == IncrementalMode.OFF || !concerned) {
      return Optional.empty();
    }
    requireOwnName(earlier(IncrementalStart.TRAINED));
    List<EarlierRun> earlier = earlier(start());
    Optional<WarmStartMode> taken = WarmStart.choice(conf).mode();
    if (taken.isEmpty()) {
      return Optional.of(anew());
    }
    String named = conf.text(DicmKeys.TRAIN_WARM_START);
    if (!named.isEmpty()) {
      return Optional.of(
          trainFrom(
              SamplesJob.trainFromOfDay(hadoop, day()),
              named + ", as " + DicmKeys.TRAIN_WARM_START + " says,"));
    }
    Optional<WarmStart> found = newestThatFits(earlier, taken.get());
    if (found.isEmpty()) {
      return Optional.of(first(mode));
    }
    hadoop.set(DicmKeys.TRAIN_WARM_START, found.get().checkpoint().toString(), SOURCE);
    return Optional.of(trainFrom(dayAfter(found.get().origin()), found.get().toString()));
  }

  private List<EarlierRun> earlier(IncrementalStart start) throws IOException {
    return EarlierRun.before(hadoop, settings.workspace(), day(), start);
  }

  private IncrementalStart start() {
    return conf.choice(DicmKeys.RUN_INCREMENTAL_START, IncrementalStart.class);
  }

  private static IncrementalMode mode(DicmConfiguration conf) {
    return conf.choice(DicmKeys.RUN_INCREMENTAL, IncrementalMode.class);
  }

  /** Models and checkpoints lie by run: this one's would take the place of what it begins with. */
  private void requireOwnName(List<EarlierRun> earlier) {
    for (EarlierRun run : earlier) {
      if (run.run().equals(settings.run())) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot go on from earlier days as run '%s' of %s: there is %s, whose model and checkpoints it would replace. Name each day's run for itself, such as '%s-%s'."
                .formatted(settings.run(), settings.date(), run, settings.run(), settings.date()));
      }
    }
  }

  private String first(IncrementalMode mode) {
    if (mode == IncrementalMode.REQUIRED) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot run with %s=required: no day before %s has a %s model in %s. Begin the series with %s=on."
              .formatted(
                  DicmKeys.RUN_INCREMENTAL,
                  settings.date(),
                  start().label(),
                  settings.workspace().root(),
                  DicmKeys.RUN_INCREMENTAL));
    }
    return "No day before %s has a %s model in %s: training begins with initial values and goes over all days of the log."
        .formatted(settings.date(), start().label(), settings.workspace().root());
  }

  /** A model that forgets all others learns from all days. */
  private String anew() {
    String from = conf.text(DicmKeys.SAMPLES_TRAIN_FROM);
    return "Training begins with initial values, as %s says, and goes over %s."
        .formatted(
            DicmKeys.TRAIN_WARM_START_MODE,
            from.isEmpty() ? "all days of the log" : "the impressions from " + from + " on");
  }

  private LocalDate day() {
    return LocalDate.parse(settings.date());
  }

  /**
   * The first day that the earlier run has not trained on, by the rule that its samples were made
   * with. Where the rule of now tests with more days, a day is trained on twice rather than none at
   * all.
   */
  private LocalDate dayAfter(CheckpointOrigin earlier) {
    LocalDate next = LocalDate.parse(earlier.date()).plusDays(1);
    LocalDate now = SamplesJob.trainFromOfDay(hadoop, next);
    LocalDate then =
        splitOf(earlier.run()).map(split -> SamplesJob.trainFromOfDay(split, next)).orElse(now);
    return then.isBefore(now) ? then : now;
  }

  /** The rule of a run's samples; nothing when they are not there any more. */
  private Optional<String> splitOf(String run) {
    Workspace workspace = settings.workspace();
    try {
      String samples =
          Objects.requireNonNullElse(
              ModelDescription.read(hadoop, workspace.model(run)).samplesRun(), run);
      return Optional.of(SampleManifest.read(hadoop, workspace.samples(samples)).split());
    } catch (DicmException e) {
      if (e.code() == ErrorCode.STORAGE_FAILED) {
        throw e;
      }
      LOG.warn("Run '{}' is taken to have had the split of now: {}", run, e.getMessage());
      return Optional.empty();
    }
  }

  private String trainFrom(LocalDate day, String beginning) {
    if (conf.text(DicmKeys.SAMPLES_TRAIN_FROM).isEmpty()) {
      hadoop.set(DicmKeys.SAMPLES_TRAIN_FROM, day.toString(), SOURCE);
    }
    return "Training begins with %s and goes over the impressions from %s on."
        .formatted(beginning, conf.text(DicmKeys.SAMPLES_TRAIN_FROM));
  }

  /** Runs with other features, pictures or extractors are passed over: they are no part of it. */
  private Optional<WarmStart> newestThatFits(List<EarlierRun> earlier, WarmStartMode mode)
      throws IOException {
    List<String> reasons = new ArrayList<>();
    for (EarlierRun run : earlier) {
      try {
        return Optional.of(fitting(run, mode));
      } catch (DicmException e) {
        if (e.code() != ErrorCode.SCHEMA_MISMATCH && e.code() != ErrorCode.INPUT_MISSING) {
          throw e;
        }
        LOG.warn("Passed over {}: {}", run, e.getMessage());
        reasons.add(run + ": " + e.getMessage());
      }
    }
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    throw new DicmException(
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot go on from an earlier day: of %d none fits, the newest is %s Name a start with %s, or begin anew with %s=none."
            .formatted(
                reasons.size(),
                reasons.get(0),
                DicmKeys.TRAIN_WARM_START,
                DicmKeys.TRAIN_WARM_START_MODE));
  }

  private WarmStart fitting(EarlierRun run, WarmStartMode mode) throws IOException {
    Optional<WarmStart> last = WarmStart.lastOf(hadoop, settings.workspace(), run.run(), mode);
    if (last.isEmpty() || !last.get().origin().date().equals(run.date().toString())) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Below %s there is no checkpoint of that day."
              .formatted(settings.workspace().checkpoints(run.run())));
    }
    last.get()
        .requireNetwork(
            FeatureSchema.read(hadoop, new InputLayout(settings.input()).features()),
            NetworkChoice.of(conf),
            ImageControlSettings.kind(conf));
    last.get().requirePictures(EncoderProviders.configured(hadoop).describe(hadoop), conf);
    return last.get();
  }
}
