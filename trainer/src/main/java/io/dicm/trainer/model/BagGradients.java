package io.dicm.trainer.model;

import org.bytedeco.pytorch.Tensor;

/**
 * The derivatives of the poolings over {@link Bags}: from gradients of the bags to gradients of the
 * table's rows. libtorch's own add row to row, a call each; these are poolings themselves, over the
 * entries of each table row.
 */
final class BagGradients {
  private final PreparedIndices indices;
  private final Bags bags;
  private final int[] bagOfEntry;
  private final Bags entries;
  private final TensorBags bagsOfRows;
  private Tensor entriesByRow;
  private Tensor meanShares;

  /**
   * @param tableRows rows of the table that the bags were pooled from
   * @param indices makes the tensors and closes them
   */
  BagGradients(Bags bags, int tableRows, PreparedIndices indices) {
    this.indices = indices;
    this.bags = bags;
    this.bagOfEntry = bags.bagOfEntry();
    this.entries = bags.entriesOfRows(tableRows);
    int[] byRow = new int[bagOfEntry.length];
    for (int i = 0; i < byRow.length; i++) {
      byRow[i] = bagOfEntry[entries.rows()[i]];
    }
    this.bagsOfRows = new TensorBags(new Bags(byRow, entries.offsets()), indices);
  }

  /** The entries that name each row of the table. */
  Bags entries() {
    return entries;
  }

  /** Makes the tensors that are asked for later. */
  void make() {
    meanShares();
  }

  /** Of a sum: [bags, d] to [n, d]. */
  Tensor ofSum(Tensor gradient) {
    return bagsOfRows.sum(gradient);
  }

  /** Of a sum with weights, with respect to the rows: [bags, d] and weights [r] to [n, d]. */
  Tensor ofWeightedSum(Tensor gradient, Tensor weights) {
    return bagsOfRows.weightedSum(gradient, weights.index_select(0, entriesByRow()));
  }

  /** Of a mean: [bags, d] to [n, d]. */
  Tensor ofMean(Tensor gradient) {
    return bagOfEntry.length == 0
        ? ofSum(gradient)
        : bagsOfRows.weightedSum(gradient, meanShares());
  }

  Tensor entriesByRow() {
    if (entriesByRow == null) {
      entriesByRow = indices.tensor(entries.rows());
    }
    return entriesByRow;
  }

  private Tensor meanShares() {
    if (meanShares == null) {
      float[] shares = new float[bagOfEntry.length];
      for (int i = 0; i < shares.length; i++) {
        int bag = bagOfEntry[entries.rows()[i]];
        shares[i] = 1f / (bags.end(bag) - bags.offsets()[bag]);
      }
      meanShares = indices.tensor(shares);
    }
    return meanShares;
  }
}
