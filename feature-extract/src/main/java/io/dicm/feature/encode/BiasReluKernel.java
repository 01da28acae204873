package io.dicm.feature.encode;

import io.dicm.common.error.DicmException;
import io.dicm.feature.cuda.KernelArguments;
import io.dicm.feature.cuda.KernelModule;
import io.dicm.feature.cuda.KernelSource;
import io.dicm.feature.cuda.LaunchShape;
import io.dicm.feature.cuda.SizedKernel;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpu;
import io.dicm.feature.device.TensorType;
import java.util.EnumMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Adds biases and takes ReLU on a GPU, after a pooling or without, in one pass over the memory. All
 * tensors have channels last. Safe for use by many threads; closed when the GPU has done what was
 * asked.
 */
final class BiasReluKernel implements AutoCloseable {
  static final KernelSource SOURCE =
      KernelSource.resource(BiasReluKernel.class, "bias_relu.cu").withValueTypes();
  private static final Map<ScalarType, String> TYPES =
      new EnumMap<>(
          Map.of(
              ScalarType.Float, "float",
              ScalarType.Half, "half",
              ScalarType.BFloat16, "bfloat16"));
  private static final int THREADS = 256;
  private static final int PACK_BYTES = 16;

  private final ComputeDevice device;
  private final KernelModule module;
  private final Map<ScalarType, SizedKernel> plain = new EnumMap<>(ScalarType.class);
  private final Map<ScalarType, SizedKernel> pooling = new EnumMap<>(ScalarType.class);

  /**
   * Loads the kernels.
   *
   * @param device a GPU
   * @throws DicmException as {@link Gpu#load}
   */
  BiasReluKernel(ComputeDevice device) {
    this.device = device;
    this.module = device.gpu().load(SOURCE);
    try {
      TYPES.forEach(
          (type, name) -> {
            plain.put(type, SizedKernel.of(module, "bias_relu_" + name, THREADS));
            pooling.put(type, SizedKernel.of(module, "bias_relu_pool_" + name, THREADS));
          });
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  /**
   * @param threads that have something to do
   */
  private static void launch(SizedKernel sized, long threads, KernelArguments arguments) {
    int blocks = (int) Math.min(sized.blocks(), (threads + THREADS - 1) / THREADS);
    sized.kernel().launch(LaunchShape.of(blocks, THREADS), arguments);
  }

  /**
   * {@code values = relu(values + biases)}, on the thread's current stream; does not wait.
   *
   * @param values [n, channels, height, width] of float, half or bfloat16, channels last
   * @param biases [channels] of the same type
   */
  void apply(Tensor values, Tensor biases) {
    int channelPacks = channelPacks(values, biases);
    long packs = values.numel() * values.element_size() / PACK_BYTES;
    if (packs > 0) {
      launch(
          plain.get(TensorType.of(values)),
          packs,
          new KernelArguments()
              .tensor(values)
              .tensor(biases)
              .longInteger(packs)
              .integer(channelPacks));
    }
  }

  /**
   * {@code relu(maxPool2x2(values) + biases)}, on the thread's current stream; does not wait.
   *
   * @param values [n, channels, height, width] of float, half or bfloat16, channels last, height
   *     and width even
   * @param biases [channels] of the same type
   * @return [n, channels, height / 2, width / 2], of the caller's pointer scope
   */
  Tensor pool(Tensor values, Tensor biases) {
    int channelPacks = channelPacks(values, biases);
    require(
        values.size(2) % 2 == 0 && values.size(3) % 2 == 0,
        "Height and width were " + values.size(2) + " and " + values.size(3));
    long columns = values.size(3) / 2;
    long rows = values.size(0) * (values.size(2) / 2);
    require(rows * columns <= Integer.MAX_VALUE, "Pixels were " + rows + " x " + columns);
    Tensor pooled =
        device.emptyChannelsLast(
            TensorType.of(values), values.size(0), values.size(1), values.size(2) / 2, columns);
    if (pooled.numel() > 0) {
      launch(
          pooling.get(TensorType.of(values)),
          rows * columns * channelPacks,
          new KernelArguments()
              .tensor(values)
              .tensor(biases)
              .tensor(pooled)
              .integer((int) rows)
              .integer((int) columns)
              .integer(channelPacks));
    }
    return pooled;
  }

  /** Packs of a pixel's channels, when the kernels can work on the tensors. */
  private int channelPacks(Tensor values, Tensor biases) {
    ScalarType type = TensorType.of(values);
    require(
        TYPES.containsKey(type) && TensorType.is(biases, type),
        "Types of values and biases were " + type + " and " + TensorType.of(biases));
    require(
        values.dim() == 4 && values.is_contiguous(MemoryFormat.ChannelsLast),
        "Values do not lie with channels last");
    require(
        biases.dim() == 1 && biases.is_contiguous() && biases.size(0) == values.size(1),
        "Biases are not one for each of " + values.size(1) + " channels");
    require(device.holds(values) && device.holds(biases), "Values or biases are not on " + device);
    require(
        values.data_ptr().address() % PACK_BYTES == 0
            && biases.data_ptr().address() % PACK_BYTES == 0,
        "Values or biases begin in the middle of " + PACK_BYTES + " bytes");
    long channelBytes = values.size(1) * values.element_size();
    require(
        channelBytes > 0
            && channelBytes % PACK_BYTES == 0
            && THREADS % (channelBytes / PACK_BYTES) == 0,
        "Channels were " + values.size(1));
    return (int) (channelBytes / PACK_BYTES);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** May be called again. */
  @Override
  public void close() {
    module.close();
  }
}
