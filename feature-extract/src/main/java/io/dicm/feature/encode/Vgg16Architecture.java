package io.dicm.feature.encode;

import io.dicm.feature.weights.WeightShape;
import java.util.ArrayList;
import java.util.List;

/**
 * VGG16 up to and including FC6 ("configuration D" of arXiv 1409.1556, table 1): 13 convolutions of
 * 3x3 with ReLU, five max poolings, and the first linear layer.
 */
final class Vgg16Architecture {
  /** Height and width of the input, pixels. */
  static final int INPUT_SIDE = 224;

  /** Length of FC6's output. */
  static final int FC6_OUTPUTS = 4096;

  /** Length of FC6's input: 512 channels of 7x7. */
  static final int FC6_INPUTS = 512 * 7 * 7;

  private static final int[][] BLOCKS = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };

  private Vgg16Architecture() {}

  /** Convolutions in each block; a max pooling of 2x2 follows each block. */
  static int[] convolutionsPerBlock() {
    int[] counts = new int[BLOCKS.length];
    for (int block = 0; block < BLOCKS.length; block++) {
      counts[block] = BLOCKS[block].length;
    }
    return counts;
  }

  /** All weights in the order of computation, each layer's weight before its bias. */
  static List<WeightShape> weights() {
    List<WeightShape> weights = new ArrayList<>();
    long inputs = 3;
    int layer = 0;
    for (int[] block : BLOCKS) {
      for (int outputs : block) {
        weights.add(
            new WeightShape(
                "features." + layer + ".weight", List.of((long) outputs, inputs, 3L, 3L)));
        weights.add(new WeightShape("features." + layer + ".bias", List.of((long) outputs)));
        inputs = outputs;
        layer += 2; // torchvision counts the ReLU after it as a layer of its own
      }
      layer += 1; // and the pooling too
    }
    weights.add(
        new WeightShape("classifier.0.weight", List.of((long) FC6_OUTPUTS, (long) FC6_INPUTS)));
    weights.add(new WeightShape("classifier.0.bias", List.of((long) FC6_OUTPUTS)));
    return weights;
  }
}
