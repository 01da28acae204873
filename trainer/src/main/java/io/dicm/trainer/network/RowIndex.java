package io.dicm.trainer.network;

import io.dicm.feature.device.ComputeDevice;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Which row of a table each row of another one is. Gathering costs nothing where both are the same,
 * as for users with one impression each. Lives in the pointer scope it was made in.
 */
final class RowIndex {
  private final int tableRows;
  private final boolean identity;
  private Tensor rows;

  /**
   * @param rows numbers of table rows
   * @param tableRows how many the table has
   */
  RowIndex(int[] rows, int tableRows) {
    this.tableRows = tableRows;
    this.identity = isIdentity(rows, tableRows);
    this.rows =
        rows.length > 0
            ? AbstractTensor.create(rows, rows.length)
            : torch.empty(0).to(ScalarType.Int);
  }

  private static boolean isIdentity(int[] rows, int tableRows) {
    if (rows.length != tableRows) {
      return false;
    }
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] != i) {
        return false;
      }
    }
    return true;
  }

  /** Where the table is: an index is of use only there. */
  private Tensor rowsBeside(Tensor table) {
    if (rows.is_cpu()) {
      rows = ComputeDevice.beside(rows, table);
    }
    return rows;
  }

  /** The rows themselves: [table rows, ...] to [n, ...]. */
  Tensor gather(Tensor table) {
    return identity ? table : table.index_select(0, rowsBeside(table));
  }

  /** Back to the table, adding up: [n, ...] to [table rows, ...]; zeros where no row belongs. */
  Tensor sum(Tensor values) {
    if (identity) {
      return values;
    }
    long[] sizes = values.sizes().vec().get();
    sizes[0] = tableRows;
    return values.new_zeros(sizes).index_add(0, rowsBeside(values), values);
  }

  /**
   * The softmax of the scores that belong to the same table row: [n] to [n]. Stable: each row's
   * largest score counts as 0.
   */
  Tensor softmax(Tensor scores) {
    Tensor constants = scores.detach();
    Tensor largest =
        constants
            .new_zeros(tableRows)
            .scatter_reduce(0, rowsBeside(scores).to(ScalarType.Long), constants, "amax", false);
    Tensor powers = torch.exp(scores.sub(gather(largest)));
    return powers.div(gather(sum(powers)));
  }
}
