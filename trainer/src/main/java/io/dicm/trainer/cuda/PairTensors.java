package io.dicm.trainer.cuda;

import io.dicm.feature.device.ComputeDevice;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A {@link PairIndex} where attention is computed, for all attention channels of a batch. Lives in
 * the pointer scope it was made in.
 *
 * @param index what the tensors were made of
 * @param behaviorOfPair [r], 32-bit as all of them
 * @param offsets [m + 1]
 * @param impressionOfPair [r]
 * @param pieces [pieces, 4]
 * @param divided [divided behaviours, 4]
 */
public record PairTensors(
    PairIndex index,
    Tensor behaviorOfPair,
    Tensor offsets,
    Tensor impressionOfPair,
    Tensor pieces,
    Tensor divided) {
  /** Copies an index to a device. */
  public static PairTensors of(PairIndex index, ComputeDevice device) {
    return new PairTensors(
        index,
        list(index.behaviorOfPair(), device),
        list(index.offsets(), device),
        list(index.impressionOfPair(), device),
        fours(index.pieces(), device),
        fours(index.divided(), device));
  }

  /** All of them. */
  public List<Tensor> tensors() {
    return List.of(behaviorOfPair, offsets, impressionOfPair, pieces, divided);
  }

  private static Tensor list(int[] values, ComputeDevice device) {
    return values.length > 0 ? device.of(values, values.length) : device.empty(ScalarType.Int, 0);
  }

  private static Tensor fours(int[] values, ComputeDevice device) {
    return list(values, device).view(-1, PairIndex.PIECE_NUMBERS);
  }

  int pieceCount() {
    return index.pieces().length / PairIndex.PIECE_NUMBERS;
  }

  int dividedCount() {
    return index.divided().length / PairIndex.PIECE_NUMBERS;
  }
}
