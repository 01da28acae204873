package io.dicm.trainer.model;

import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.T_TensorTensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * {@link Bags} as index tensors, with the poolings over them. An empty bag pools to zeros. Lives in
 * the pointer scope it was made in.
 */
final class TensorBags {
  private static final long SUM = 0;
  private static final long MEAN = 1;
  private static final long MAX = 2;

  private final Bags bags;
  private final Tensor rows;
  private final Tensor offsets;

  TensorBags(Bags bags) {
    this.bags = bags;
    this.rows = indices(bags.rows());
    this.offsets = indices(bags.offsets());
  }

  /** What the tensors were made of. */
  Bags bags() {
    return bags;
  }

  /** A 32-bit index tensor; also of no indices at all. */
  static Tensor indices(int[] values) {
    return values.length > 0
        ? AbstractTensor.create(values, values.length)
        : torch.empty(0).to(ScalarType.Int);
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
