package io.dicm.trainer.model;

import org.bytedeco.pytorch.T_TensorTensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** {@link Bags} as index tensors, with the poolings over them. An empty bag pools to zeros. */
final class TensorBags {
  private static final long SUM = 0;
  private static final long MEAN = 1;
  private static final long MAX = 2;

  private final Bags bags;
  private final Tensor rows;
  private final Tensor offsets;

  /**
   * @param indices makes the tensors and closes them
   */
  TensorBags(Bags bags, PreparedIndices indices) {
    this.bags = bags;
    this.rows = indices.tensor(bags.rows());
    this.offsets = indices.tensor(bags.offsets());
  }

  /** What the tensors were made of. */
  Bags bags() {
    return bags;
  }

  /** The rows one after the other: [n, d] to [r, d]. */
  Tensor gather(Tensor table) {
    return torch.embedding(table, rows);
  }

  /** The sum of each bag's rows: [n, d] to [bags, d]. */
  Tensor sum(Tensor table) {
    return pool(table, SUM, new TensorOptional());
  }

  /** The mean of each bag's rows: [n, d] to [bags, d]. */
  Tensor mean(Tensor table) {
    return pool(table, MEAN, new TensorOptional());
  }

  /** The largest value of each bag's rows, column by column: [n, d] to [bags, d]. */
  Tensor max(Tensor table) {
    return pool(table, MAX, new TensorOptional());
  }

  /** Each bag's sum of its rows times their weights [r]: [n, d] to [bags, d]. */
  Tensor weightedSum(Tensor table, Tensor weights) {
    return pool(table, SUM, new TensorOptional(weights));
  }

  private Tensor pool(Tensor table, long mode, TensorOptional weights) {
    T_TensorTensorTensorTensor_T pooled =
        torch.embedding_bag(table, rows, offsets, false, mode, false, weights, false);
    return pooled.get0();
  }
}
