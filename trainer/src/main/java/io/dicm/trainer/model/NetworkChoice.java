package io.dicm.trainer.model;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.schema.FeatureSchema;

/**
 * What a user chooses of the model, whatever its features.
 *
 * @param images where pictures enter
 * @param aggregation how behaviours' pictures are pooled, where they are
 * @param network the network on the side of IDs
 * @param imageBranch whether the image path trains alone before the whole model does
 */
public record NetworkChoice(
    ImageMode images, Aggregation aggregation, NetworkOptions network, boolean imageBranch) {
  private static final int MOST_IMAGE_EPOCHS = 1000;

  /**
   * The configured choice.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a value out of its range, or
   *     for options that make no sense together, naming both
   */
  public static NetworkChoice of(DicmConfiguration conf) {
    NetworkChoice choice =
        new NetworkChoice(
            conf.choice(DicmKeys.TRAIN_IMAGES, ImageMode.class),
            Aggregation.of(conf),
            NetworkOptions.of(conf),
            imageEpochs(conf) > 0);
    choice.aggregation.requireUseIn(choice.network.kind(), choice.images);
    choice.aggregation.requireOwnOptions(conf);
    if (conf.flag(DicmKeys.MODEL_SHARE_SUB_MODEL) && choice.images != ImageMode.JOINT) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=true with %s=%s: ad and behaviour pictures share a sub-model where both enter. Leave it out or choose joint."
              .formatted(
                  DicmKeys.MODEL_SHARE_SUB_MODEL,
                  DicmKeys.TRAIN_IMAGES,
                  conf.text(DicmKeys.TRAIN_IMAGES)));
    }
    if (choice.imageBranch && !choice.images.usesPictures()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s=none: there is no image path to be trained alone. Set the epochs to 0 or let pictures enter."
              .formatted(
                  DicmKeys.TRAIN_IMAGE_EPOCHS,
                  conf.text(DicmKeys.TRAIN_IMAGE_EPOCHS),
                  DicmKeys.TRAIN_IMAGES));
    }
    return choice;
  }

  /**
   * Whether anything reads embeddings of IDs: all networks but LR do, and attention that asks with
   * IDs.
   */
  public boolean readsEmbeddings() {
    return network.kind() != IdNetworkKind.LR
        || (images.poolsBehaviors() && aggregation.kind().asksWithIds());
  }

  /** The configured passes in which the image path trains alone. */
  public static int imageEpochs(DicmConfiguration conf) {
    return conf.integer(DicmKeys.TRAIN_IMAGE_EPOCHS, 0, MOST_IMAGE_EPOCHS);
  }

  /**
   * The shape for these features.
   *
   * @param embeddingDimension floats of an ID embedding
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when the network needs features
   *     that are not there
   */
  public NetworkShape shape(FeatureSchema schema, int embeddingDimension) {
    return NetworkShape.of(schema.fields(), embeddingDimension, images, aggregation)
        .with(network, FeatureCross.of(schema))
        .withImageBranch(imageBranch);
  }
}
