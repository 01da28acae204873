package io.dicm.feature.encode;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.decode.ResizeRule;
import java.util.Locale;

/**
 * What beside the weights decides VGG16's vectors.
 *
 * @param layer the output that is the vector
 * @param precision arithmetic
 * @param resize how pictures become 224 x 224 pixels
 */
record Vgg16Variant(Vgg16Layer layer, Precision precision, ResizeRule resize) {
  /** FC6 after its ReLU in float32. */
  static Vgg16Variant plain() {
    return new Vgg16Variant(Vgg16Layer.FC6_RELU, Precision.FLOAT32, ResizeRule.CROP);
  }

  static Vgg16Variant of(DicmConfiguration settings) {
    return new Vgg16Variant(
        settings.choice(DicmKeys.EXTRACT_LAYER, Vgg16Layer.class),
        settings.choice(DicmKeys.EXTRACT_PRECISION, Precision.class),
        settings.choice(DicmKeys.EXTRACT_RESIZE, ResizeRule.class));
  }

  Preprocessing preprocessing() {
    return Preprocessing.imageNet(resize);
  }

  /**
   * Describes vectors of random weights.
   *
   * @param seed of the weights
   */
  ExtractorDescription ofRandomWeights(long seed) {
    String weights = ExtractorDescription.RANDOM + "seed" + seed;
    return description(weights, weights);
  }

  /**
   * Describes the vectors.
   *
   * @param idPart says in the ID which weights they are
   * @param digest of the weights
   */
  ExtractorDescription description(String idPart, String digest) {
    // Stretched pictures have the plain name: vectors of before there was a choice.
    String input = (resize == ResizeRule.CROP ? "crop" : "") + Vgg16Architecture.INPUT_SIDE;
    String arithmetic =
        precision == Precision.FLOAT32 ? "" : " in " + precision.name().toLowerCase(Locale.ROOT);
    return new ExtractorDescription(
        "vgg16-" + layer.label() + "-" + idPart + "-" + input + precision.idSuffix(),
        "VGG16 " + layer.label() + arithmetic,
        digest,
        preprocessing().description(),
        Vgg16Architecture.FC6_OUTPUTS,
        ExtractorDescription.FLOAT32);
  }
}
