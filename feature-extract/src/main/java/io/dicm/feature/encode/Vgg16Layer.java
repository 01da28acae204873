package io.dicm.feature.encode;

import java.util.Locale;

/** Outputs of VGG16 that can be the vector. */
enum Vgg16Layer {
  /** The first linear layer's sums, of both signs. */
  FC6,
  /** The same after its ReLU: none negative, about half of them zero. */
  FC6_RELU;

  /** As {@code dicm.extract.layer} and the extractor's ID name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
