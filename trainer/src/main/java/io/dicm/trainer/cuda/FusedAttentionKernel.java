package io.dicm.trainer.cuda;

import io.dicm.common.error.DicmException;
import io.dicm.feature.cuda.Kernel;
import io.dicm.feature.cuda.KernelArguments;
import io.dicm.feature.cuda.KernelModule;
import io.dicm.feature.cuda.KernelSource;
import io.dicm.feature.cuda.LaunchShape;
import io.dicm.feature.cuda.SizedKernel;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpu;
import io.dicm.feature.device.TensorType;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The kernel for a GPU. Nothing of [pairs, 64] is in memory, and gradients are the same in each
 * run. Closed when the GPU has done what was asked.
 */
public final class FusedAttentionKernel implements PairwiseAttention {
  /** Most columns of codes: a lane of a warp keeps a sixteenth of them. */
  public static final int MOST_CODE_WIDTH = 128;

  private static final int WARP = 32;
  private static final int WARPS = 4;
  private static final int SUM_THREADS = 8 * WARP;

  private final ComputeDevice device;
  private final int codeWidth;
  private final KernelModule module;
  private final SizedKernel forward;
  private final SizedKernel backwardOfQueries;
  private final SizedKernel backwardOfCodes;
  private final Kernel sumOfPieces;
  private final Kernel sumOfBlocks;

  /**
   * Loads the kernels.
   *
   * @param device a GPU
   * @param codeWidth columns of codes, 1 to {@link #MOST_CODE_WIDTH}
   * @throws DicmException as {@link Gpu#load}
   */
  public FusedAttentionKernel(ComputeDevice device, int codeWidth) {
    this.device = device;
    this.codeWidth = codeWidth;
    this.module = device.gpu().load(source(codeWidth));
    try {
      this.forward = sized("attention_forward");
      this.backwardOfQueries = sized("attention_backward_of_queries");
      this.backwardOfCodes = sized("attention_backward_of_codes");
      this.sumOfPieces = module.kernel("attention_sum_of_pieces");
      this.sumOfBlocks = module.kernel("attention_sum_of_blocks");
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  /** One whose warps go through a list. */
  private SizedKernel sized(String name) {
    return SizedKernel.of(module, name, WARPS * WARP);
  }

  static KernelSource source(int codeWidth) {
    if (codeWidth < 1 || codeWidth > MOST_CODE_WIDTH) {
      throw new IllegalArgumentException(
          "The code width was " + codeWidth + ", allowed 1.." + MOST_CODE_WIDTH);
    }
    return KernelSource.resource(FusedAttentionKernel.class, "attentive_pooling.cu")
        .define("CODE_WIDTH", codeWidth);
  }

  /**
   * Pools, on the thread's current stream; does not wait.
   *
   * @return tensors of the caller's pointer scope
   */
  @Override
  public Output forward(PairTensors pairs, Tables tables, AttentionLayers layers) {
    PairIndex index = pairs.index();
    require(index, tables, layers);
    Tensor weights = device.empty(ScalarType.Float, index.pairs());
    Tensor pooled = device.empty(ScalarType.Float, index.impressions(), codeWidth);
    if (index.impressions() > 0) {
      forward
          .kernel()
          .launch(
              warps(index.impressions(), forward.blocks()),
              layers.addTo(byImpression(pairs, tables)).tensor(weights).tensor(pooled));
    }
    return new Output(weights, pooled);
  }

  /**
   * Goes back, on the thread's current stream; does not wait. What {@link #forward} has computed of
   * the pairs is computed again.
   *
   * @param gradient of the pooled codes, [m, code width]
   * @return tensors of the caller's pointer scope
   */
  @Override
  public Gradients backward(
      PairTensors pairs, Tables tables, AttentionLayers layers, Tensor gradient) {
    PairIndex index = pairs.index();
    require(index, tables, layers);
    requireShape(gradient, index.impressions(), codeWidth);
    Tensor ofQueries = device.empty(ScalarType.Float, index.impressions(), AttentionLayers.FIRST);
    Tensor ofLayers = device.empty(ScalarType.Float, AttentionLayers.VALUES);
    Tensor ofCodes = device.empty(ScalarType.Float, index.resultRows(), AttentionLayers.FIRST);
    Tensor codes = device.empty(ScalarType.Float, index.resultRows(), codeWidth);
    // What is freed before the GPU has come to it is given to later work of the same stream alone.
    try (PointerScope scope = new PointerScope()) {
      // How many blocks there are is the order of the parameters' sums: no timing decides it.
      LaunchShape shape = warps(index.impressions(), backwardOfQueries.blocks());
      Tensor ofBlocks = device.empty(ScalarType.Float, shape.blocks(), AttentionLayers.VALUES);
      backwardOfQueries
          .kernel()
          .launch(
              shape,
              layers
                  .addTo(byImpression(pairs, tables))
                  .tensor(gradient)
                  .tensor(ofQueries)
                  .tensor(ofBlocks));
      sumOfBlocks.launch(
          LaunchShape.of(pieces(AttentionLayers.VALUES, WARP), SUM_THREADS),
          new KernelArguments().tensor(ofBlocks).integer(shape.blocks()).tensor(ofLayers));
    }
    if (index.behaviors() > 0) {
      backwardOfCodes
          .kernel()
          .launch(
              warps(pairs.pieceCount(), backwardOfCodes.blocks()),
              layers
                  .addTo(byBehavior(pairs, tables))
                  .tensor(gradient)
                  .tensor(ofCodes)
                  .tensor(codes));
    }
    if (pairs.dividedCount() > 0) {
      sumOfPieces.launch(
          LaunchShape.of(pairs.dividedCount(), AttentionLayers.FIRST + codeWidth),
          new KernelArguments().tensor(pairs.divided()).tensor(ofCodes).tensor(codes));
    }
    return new Gradients(
        ofCodes.narrow(0, 0, index.behaviors()),
        ofQueries,
        codes.narrow(0, 0, index.behaviors()),
        AttentionLayers.cut(ofLayers));
  }

  private static KernelArguments byImpression(PairTensors pairs, Tables tables) {
    return new KernelArguments()
        .tensor(tables.ofCodes())
        .tensor(tables.ofQueries())
        .tensor(tables.codes())
        .tensor(pairs.behaviorOfPair())
        .tensor(pairs.offsets())
        .integer(pairs.index().impressions());
  }

  private static KernelArguments byBehavior(PairTensors pairs, Tables tables) {
    return new KernelArguments()
        .tensor(tables.ofCodes())
        .tensor(tables.ofQueries())
        .tensor(tables.codes())
        .tensor(pairs.impressionOfPair())
        .tensor(pairs.pieces())
        .integer(pairs.pieceCount());
  }

  /**
   * A warp for each of some things, or as many as run at a time.
   *
   * @param most blocks that the GPU runs at a time
   */
  static LaunchShape warps(int things, int most) {
    return LaunchShape.of(Math.max(1, Math.min(most, pieces(things, WARPS))), WARPS * WARP);
  }

  private static int pieces(int count, int size) {
    return (int) (((long) count + size - 1) / size);
  }

  private void require(PairIndex index, Tables tables, AttentionLayers layers) {
    layers.require(this::requireFloats);
    requireShape(tables.ofCodes(), index.behaviors(), AttentionLayers.FIRST);
    requireShape(tables.ofQueries(), index.impressions(), AttentionLayers.FIRST);
    requireShape(tables.codes(), index.behaviors(), codeWidth);
  }

  private void requireShape(Tensor tensor, long rows, long columns) {
    if (tensor.dim() != 2 || tensor.size(0) != rows || tensor.size(1) != columns) {
      throw new IllegalArgumentException(
          "A table had %d values, needed [%d, %d]".formatted(tensor.numel(), rows, columns));
    }
    requireFloats(tensor);
    // Two floats are read at once.
    if (rows > 0 && tensor.data_ptr().address() % (2 * Float.BYTES) != 0) {
      throw new IllegalArgumentException("A table begins in the middle of 8 bytes");
    }
  }

  private void requireFloats(Tensor tensor) {
    if (!TensorType.is(tensor, ScalarType.Float)
        || !device.holds(tensor)
        || !tensor.is_contiguous()) {
      throw new IllegalArgumentException(
          "A tensor was not of floats that lie side by side on %s, but of %s"
              .formatted(device, TensorType.of(tensor)));
    }
  }

  /** May be called again. */
  @Override
  public void close() {
    module.close();
  }
}
