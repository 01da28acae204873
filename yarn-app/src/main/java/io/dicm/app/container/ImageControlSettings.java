package io.dicm.app.container;

import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.ImageSignals;
import io.dicm.ams.shard.VectorControl;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.ImageMode;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** The control that the configuration asks of servers. */
public final class ImageControlSettings {
  /** Signals may take so much of a server's heap, of which names and keys may take half. */
  private static final int HEAP_PARTS = 4;

  private ImageControlSettings() {}

  /**
   * Which control it is.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for one that has nothing to work
   *     on, naming both keys
   */
  public static ImageControl kind(DicmConfiguration conf) {
    ImageControl kind = conf.choice(DicmKeys.TRAIN_IMAGE_CONTROL, ImageControl.class);
    ImageMode images = conf.choice(DicmKeys.TRAIN_IMAGES, ImageMode.class);
    if (kind != ImageControl.NONE && !images.usesPictures()) {
      throw invalid(kind, "with " + DicmKeys.TRAIN_IMAGES + "=none: no pictures enter the model");
    }
    Aggregation aggregation = Aggregation.of(conf);
    if (kind != ImageControl.NONE && aggregation.kind().countsTiers()) {
      throw invalid(
          kind,
          "with %s=%s: predictors compare the feature store's vectors, which a control is not in"
              .formatted(DicmKeys.MODEL_AGGREGATOR, conf.text(DicmKeys.MODEL_AGGREGATOR)));
    }
    if (kind == ImageControl.PLANTED && conf.text(DicmKeys.TRAIN_PLANTED_SIGNAL).isEmpty()) {
      throw invalid(kind, "without " + DicmKeys.TRAIN_PLANTED_SIGNAL + ", the table to plant");
    }
    return kind;
  }

  /** The table of signals, where one will be read. */
  public static Optional<Path> signals(DicmConfiguration conf) {
    return kind(conf) == ImageControl.PLANTED
        ? Optional.of(conf.path(DicmKeys.TRAIN_PLANTED_SIGNAL))
        : Optional.empty();
  }

  /** The control of one server of a gang; reads the signals of its images. */
  static VectorControl of(DicmConfiguration conf, int server, int servers) throws IOException {
    long seed = conf.longInteger(DicmKeys.TRAIN_SEED);
    return switch (kind(conf)) {
      case NONE -> new VectorControl.None();
      case SHUFFLED -> new VectorControl.Shuffled(seed);
      case PLANTED ->
          new VectorControl.Planted(
              seed,
              ImageSignals.read(
                  conf.hadoop(),
                  conf.path(DicmKeys.TRAIN_PLANTED_SIGNAL),
                  bucket -> Buckets.serverOf(bucket, servers) == server,
                  Runtime.getRuntime().maxMemory() / HEAP_PARTS));
    };
  }

  private static DicmException invalid(ImageControl kind, String why) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use %s=%s %s."
            .formatted(DicmKeys.TRAIN_IMAGE_CONTROL, kind.name().toLowerCase(Locale.ROOT), why));
  }
}
