package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * The behaviours of a batch one by one, each sample's once, laid end to end, oldest first.
 *
 * @param rows their fields' embeddings side by side, zeros where a behaviour has no value of a
 *     field, [behaviors, behavior fields * embedding width]
 * @param offsets where each sample's behaviours begin, [samples]
 * @param sampleOfImpression the sample that each impression belongs to, [impressions]
 * @param drawn what behaviours are to be told from; null but in training, and where nothing is
 *     drawn
 */
public record BehaviorRows(Tensor rows, int[] offsets, int[] sampleOfImpression, DrawnItems drawn) {
  /** Where a sample's behaviours end. */
  int end(int sample) {
    return sample + 1 < offsets.length ? offsets[sample + 1] : (int) rows.size(0);
  }
}
