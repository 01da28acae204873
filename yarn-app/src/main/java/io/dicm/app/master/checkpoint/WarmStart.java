package io.dicm.app.master.checkpoint;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.server.WarmStartMode;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.submodel.SubModelChoice;
import io.dicm.ams.submodel.SubModelDecision;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.rpc.proto.Beginning;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The configured beginning with what another training has learned.
 *
 * @param checkpoint the other's directory, which is whole
 * @param mode how much of it is taken
 * @param origin what it was trained on
 */
public record WarmStart(Path checkpoint, WarmStartMode mode, CheckpointOrigin origin) {
  /** Checks what can be checked without looking at files. */
  public static void checkSettings(DicmConfiguration conf) {
    choice(conf);
  }

  /** How much is to be taken. */
  public static WarmStartChoice choice(DicmConfiguration conf) {
    return conf.choice(DicmKeys.TRAIN_WARM_START_MODE, WarmStartChoice.class);
  }

  /**
   * Finds it; nothing when none is configured.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} or {@link ErrorCode#STORE_CORRUPT} when
   *     there is no whole checkpoint
   */
  public static Optional<WarmStart> find(DicmConfiguration conf, Workspace workspace)
      throws IOException {
    String from = conf.text(DicmKeys.TRAIN_WARM_START);
    Optional<WarmStartMode> mode = choice(conf).mode();
    if (from.isEmpty() || mode.isEmpty()) {
      return Optional.empty();
    }
    Configuration hadoop = conf.hadoop();
    Path checkpoint =
        PipelineSettings.isRunName(from)
            ? lastOfRun(hadoop, workspace.checkpoints(from), from)
            : new Path(from);
    return Optional.of(open(hadoop, checkpoint, mode.get()));
  }

  /**
   * The last checkpoint of a run; nothing when it has none.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when it is not whole
   */
  public static Optional<WarmStart> lastOf(
      Configuration conf, Workspace workspace, String run, WarmStartMode mode) throws IOException {
    Optional<Path> last = CheckpointStore.lastOf(conf, workspace.checkpoints(run));
    return last.isEmpty() ? Optional.empty() : Optional.of(open(conf, last.get(), mode));
  }

  private static WarmStart open(Configuration conf, Path checkpoint, WarmStartMode mode)
      throws IOException {
    Checkpoint.open(conf, checkpoint);
    return new WarmStart(checkpoint, mode, CheckpointOrigin.read(conf, checkpoint));
  }

  private static Path lastOfRun(Configuration conf, Path directory, String run) throws IOException {
    return CheckpointStore.lastOf(conf, directory)
        .orElseThrow(
            () ->
                new DicmException(
                    ErrorCode.INPUT_MISSING,
                    "Cannot start from run '%s' (%s): there is no checkpoint below %s."
                        .formatted(run, DicmKeys.TRAIN_WARM_START, directory)));
  }

  /**
   * Requires that the other's network fits, and that its pictures meant what they mean here.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH}
   */
  public void requireNetwork(FeatureSchema schema, NetworkChoice choice, ImageControl control) {
    require("features' digest", origin.schemaDigest(), schema.digest());
    require("place of pictures (" + DicmKeys.TRAIN_IMAGES + ")", origin.images(), choice.images());
    if (choice.images().poolsBehaviors()) {
      if (origin.aggregation().kind() == choice.aggregation().kind()) {
        require(
            "number of tiers (" + DicmKeys.MODEL_SIMTIER_TIERS + ")",
            origin.aggregation().tiers(),
            choice.aggregation().tiers());
      }
      require(
          "aggregator (" + DicmKeys.MODEL_AGGREGATOR + ")",
          origin.aggregation(),
          choice.aggregation());
    }
    require("network (" + DicmKeys.MODEL_NETWORK + ")", origin.networkOptions(), choice.network());
    require(
        "training of the image path alone (" + DicmKeys.TRAIN_IMAGE_EPOCHS + " above 0)",
        origin.imageBranch(),
        choice.imageBranch());
    require("control (" + DicmKeys.TRAIN_IMAGE_CONTROL + ")", origin.imageControl(), control);
  }

  /**
   * Requires that the other saw pictures through the same extractor and the same layers.
   *
   * @param conf says which sub-model this training will have
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH}
   */
  public void requirePictures(ExtractorDescription extractor, DicmConfiguration conf) {
    require("extractor", origin.extractorId(), extractor.extractorId());
    SubModelDecision here = SubModelChoice.of(conf).decide(extractor.dimension());
    if (!origin.subModel().equals(here.shape())) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot start from %s: its sub-model is %s, here it is %s (%s). Set %s=%s to go on from it."
              .formatted(
                  checkpoint,
                  origin.subModel(),
                  here.shape(),
                  here.because(),
                  DicmKeys.MODEL_SUB_MODEL,
                  origin.subModel()));
    }
  }

  private void require(String what, Object there, Object here) {
    if (!there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot start from %s: its %s is %s, here it is %s."
              .formatted(checkpoint, what, there, here));
    }
  }

  /** What the model's description says of it. */
  public Beginning beginning() {
    return Beginning.newBuilder()
        .setRun(origin.run())
        .setDate(origin.date())
        .setCheckpointDirectory(checkpoint.toString())
        .setWarmStartMode(mode.name())
        .build();
  }

  /** A few words for a person. */
  @Override
  public String toString() {
    return "run %s of %s (%s: %s)"
        .formatted(origin.run(), origin.date(), mode.name().toLowerCase(Locale.ROOT), checkpoint);
  }

  /** Where the training begins. */
  public StartPoint.Warm startPoint() {
    return new StartPoint.Warm(checkpoint, mode);
  }
}
