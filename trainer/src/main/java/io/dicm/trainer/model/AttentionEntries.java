package io.dicm.trainer.model;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A batch's pairs of a behaviour and the impression that asks about it, which all attention
 * channels go through. Values of behaviours [b, d] and of impressions [m, d] lie in one table, the
 * behaviours' first, so that a pair's sum is a bag of two rows.
 */
final class AttentionEntries {
  private final PreparedIndices indices;
  private final TensorBags bags;
  private final BagGradients gradients;
  private final TensorBags pairs;
  private final TensorBags pairsOfRows;

  /**
   * @param behaviors unique behaviours, b
   * @param indices of a batch, whose pictures of behaviours are a bag an impression; makes the
   *     tensors and closes them
   */
  AttentionEntries(int behaviors, PreparedIndices indices) {
    this.indices = indices;
    Bags behaviorImages = indices.indices().behaviorImages();
    this.bags = indices.bags(behaviorImages);
    this.gradients = indices.gradients(behaviorImages, behaviors);
    this.pairs =
        new TensorBags(
            pairs(behaviorImages.rows(), behaviorImages.bagOfEntry(), behaviors), indices);
    this.pairsOfRows = new TensorBags(pairsOfRows(gradients.entries(), behaviorImages), indices);
  }

  /** Makes the tensors that are asked for later. */
  void make() {
    indices.impressionOfEntry();
    gradients.entriesByRow();
  }

  private static Bags pairs(int[] behaviorOfEntry, int[] impressionOfEntry, int behaviors) {
    int[] rows = new int[2 * behaviorOfEntry.length];
    int[] offsets = new int[behaviorOfEntry.length];
    for (int entry = 0; entry < offsets.length; entry++) {
      offsets[entry] = 2 * entry;
      rows[2 * entry] = behaviorOfEntry[entry];
      rows[2 * entry + 1] = behaviors + impressionOfEntry[entry];
    }
    return new Bags(rows, offsets);
  }

  /** The pairs of each behaviour, then those of each impression. */
  private static Bags pairsOfRows(Bags ofBehaviors, Bags ofImpressions) {
    int count = ofBehaviors.rows().length;
    int[] rows = Arrays.copyOf(ofBehaviors.rows(), 2 * count);
    for (int entry = 0; entry < count; entry++) {
      rows[count + entry] = entry;
    }
    int[] offsets =
        Arrays.copyOf(ofBehaviors.offsets(), ofBehaviors.count() + ofImpressions.count());
    for (int bag = 0; bag < ofImpressions.count(); bag++) {
      offsets[ofBehaviors.count() + bag] = count + ofImpressions.offsets()[bag];
    }
    return new Bags(rows, offsets);
  }

  /** The sum of each pair's rows: [b + m, d] to [r, d]. */
  Tensor pairSums(Tensor table) {
    return pairs.bags().count() == 0 ? table.new_empty(0, table.size(1)) : pairs.sum(table);
  }

  /** Back from {@link #pairSums}: [r, d] to [b + m, d]. */
  Tensor pairSumGradients(Tensor gradient) {
    return pairsOfRows.sum(gradient);
  }

  /** The behaviour's row for each pair: [b, d] to [r, d]. */
  Tensor ofBehaviors(Tensor table) {
    return bags.gather(table);
  }

  /** The impression's row for each pair: [m, d] to [r, d]. */
  Tensor ofImpressions(Tensor table) {
    return torch.embedding(table, indices.impressionOfEntry());
  }

  /** Each impression's sum of its behaviours' rows times weights [r]: [b, d] to [m, d]. */
  Tensor weightedSum(Tensor table, Tensor weights) {
    return bags.weightedSum(table, weights);
  }

  /** Back from {@link #weightedSum} to the rows: [m, d] and weights [r] to [b, d]. */
  Tensor weightedSumGradients(Tensor gradient, Tensor weights) {
    return gradients.ofWeightedSum(gradient, weights);
  }
}
