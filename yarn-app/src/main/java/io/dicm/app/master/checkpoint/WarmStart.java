package io.dicm.app.master.checkpoint;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.server.WarmStartMode;
import io.dicm.ams.shard.ImageControl;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
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
    conf.choice(DicmKeys.TRAIN_WARM_START_MODE, WarmStartMode.class);
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
    if (from.isEmpty()) {
      return Optional.empty();
    }
    Configuration hadoop = conf.hadoop();
    Path checkpoint =
        PipelineSettings.isRunName(from)
            ? lastOfRun(hadoop, workspace.checkpoints(from), from)
            : new Path(from);
    Checkpoint.open(hadoop, checkpoint);
    return Optional.of(
        new WarmStart(
            checkpoint,
            conf.choice(DicmKeys.TRAIN_WARM_START_MODE, WarmStartMode.class),
            CheckpointOrigin.read(hadoop, checkpoint)));
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
  public void requireNetwork(
      FeatureSchema schema, ImageMode images, Aggregation aggregation, ImageControl control) {
    require("features' digest", origin.schemaDigest(), schema.digest());
    require("place of pictures (" + DicmKeys.TRAIN_IMAGES + ")", origin.images(), images);
    if (images.poolsBehaviors()) {
      require("aggregator (" + DicmKeys.MODEL_AGGREGATOR + ")", origin.aggregation(), aggregation);
    }
    require("control (" + DicmKeys.TRAIN_IMAGE_CONTROL + ")", origin.imageControl(), control);
  }

  /**
   * Requires that the other saw pictures through the same extractor.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH}
   */
  public void requireExtractor(String extractorId) {
    require("extractor", origin.extractorId(), extractorId);
  }

  private void require(String what, Object there, Object here) {
    if (!there.equals(here)) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot start from %s: its %s is %s, here it is %s."
              .formatted(checkpoint, what, there, here));
    }
  }

  /** Where the training begins. */
  public StartPoint.Warm startPoint() {
    return new StartPoint.Warm(checkpoint, mode);
  }
}
