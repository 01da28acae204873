package io.dicm.trainer.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The unique rows that a batch uses, as tensors of one floating-point type. Each has a row at
 * least, so that every index operation has a table to look at.
 *
 * @param ids rows of IDs, [n, row width]
 * @param adCodes [a, code dimension]
 * @param behaviorCodes [b, code dimension]
 * @param tiers ln(1 + count) of each impression's behaviours in each tier, [impressions, tiers];
 *     null where the network has no use for them
 */
record NetworkTables(Tensor ids, Tensor adCodes, Tensor behaviorCodes, Tensor tiers) {
  /** Without histograms. */
  NetworkTables(Tensor ids, Tensor adCodes, Tensor behaviorCodes) {
    this(ids, adCodes, behaviorCodes, null);
  }

  /**
   * The image inputs of a network that pools behaviours, side by side.
   *
   * @param ad codes of the shown pictures, or null where they are no input
   * @param behaviors pooled
   */
  Tensor imageInputs(Tensor ad, Tensor behaviors) {
    TensorVector parts = new TensorVector();
    for (Tensor part : new Tensor[] {ad, behaviors, tiers}) {
      if (part != null) {
        parts.push_back(part);
      }
    }
    return parts.size() == 1 ? behaviors : torch.cat(parts, 1);
  }
}
