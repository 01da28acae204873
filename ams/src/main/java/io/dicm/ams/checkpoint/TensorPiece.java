package io.dicm.ams.checkpoint;

import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a tensor lies in a server's range of a network's flat vector. The pieces of all servers,
 * one behind the other, are the tensor.
 *
 * @param from index of its first value in the flat vector
 * @param length number of its values, 1 or more
 */
record TensorPiece(FlatTensor tensor, int from, int length) {
  /** The pieces in a range, in the order of the layout. */
  static List<TensorPiece> of(NetworkLayout layout, DenseRange range) {
    List<TensorPiece> pieces = new ArrayList<>();
    for (FlatTensor tensor : layout.tensors()) {
      int from = Math.max(tensor.offset(), range.from());
      int to = Math.min(tensor.offset() + tensor.length(), range.to());
      if (from < to) {
        pieces.add(new TensorPiece(tensor, from, to - from));
      }
    }
    return pieces;
  }

  /** The tensor's own shape where this is all of it, else [length]. */
  long[] shape() {
    return length == tensor.length() ? tensor.shape() : new long[] {length};
  }
}
