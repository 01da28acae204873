package io.dicm.trainer.model;

import io.dicm.common.error.DicmException;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.cuda.FusedAttentionKernel;
import io.dicm.trainer.cuda.PairTensors;
import io.dicm.trainer.cuda.PairwiseAttention;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What computes the attention of a network's training steps: a kernel of its own on a GPU that can
 * load it, else libtorch's operations. Both give the same but for the last digits. Safe for use by
 * many threads; closed after the network's last step.
 */
public final class AttentionKernels implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AttentionKernels.class);
  private static final AttentionKernels PLAIN = new AttentionKernels(null);

  private final PairwiseAttention fused;

  private AttentionKernels(PairwiseAttention fused) {
    this.fused = fused;
  }

  /** libtorch's operations, on any device; needs no close. */
  public static AttentionKernels plain() {
    return PLAIN;
  }

  /** A kernel, which is closed with this. */
  static AttentionKernels fused(PairwiseAttention kernel) {
    return new AttentionKernels(kernel);
  }

  /**
   * What a network's steps on a device use: on a GPU the kernel, or, where it does not load,
   * libtorch's operations, and the log says why; on the processor those.
   */
  public static AttentionKernels on(ComputeDevice device, NetworkShape shape) {
    boolean attention =
        shape.images().poolsBehaviors() && shape.aggregation().kind().asksWithAdCode();
    if (device.isProcessor() || !attention) {
      return plain();
    }
    if (shape.codeDimension() > FusedAttentionKernel.MOST_CODE_WIDTH) {
      return plainInstead(
          device,
          "Codes have %d values, the kernel of attention takes %d at most."
              .formatted(shape.codeDimension(), FusedAttentionKernel.MOST_CODE_WIDTH));
    }
    try {
      AttentionKernels kernels = fused(new FusedAttentionKernel(device, shape.codeDimension()));
      LOG.info("Attention is computed by a kernel of its own on {}", device);
      return kernels;
    } catch (DicmException e) {
      return plainInstead(device, e.getMessage());
    }
  }

  private static AttentionKernels plainInstead(ComputeDevice device, String reason) {
    LOG.warn("Attention is computed by libtorch's operations on {}: {}", device, reason);
    return plain();
  }

  /** Whether there is a kernel. */
  public boolean isFused() {
    return fused != null;
  }

  /**
   * Makes the index tensors of a training step.
   *
   * @param behaviorRows rows of the table of behaviour codes
   */
  void make(PreparedIndices indices, int behaviorRows) {
    if (fused == null) {
      indices.attentionEntries(behaviorRows).make();
    } else {
      indices.pairTensors(behaviorRows);
    }
  }

  /**
   * Channels of attention over a batch's behaviours.
   *
   * @param codes unique behaviour codes, [b, code width], float32
   */
  AttentionChannels channels(PreparedIndices indices, Tensor codes) {
    int behaviorRows = (int) codes.size(0);
    if (fused == null) {
      AttentionEntries entries = indices.attentionEntries(behaviorRows);
      Tensor gathered = entries.ofBehaviors(codes);
      return (name, query, parameters) ->
          new AttentionPass(name, parameters, entries, codes, gathered, query);
    }
    PairTensors pairs = indices.pairTensors(behaviorRows);
    return (name, query, parameters) ->
        new FusedAttentionPass(name, parameters, fused, pairs, codes, query);
  }

  /** May be called again. */
  @Override
  public void close() {
    if (fused != null) {
      fused.close();
    }
  }
}
