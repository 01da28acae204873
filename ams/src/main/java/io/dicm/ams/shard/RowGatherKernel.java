package io.dicm.ams.shard;

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
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Collects rows of a table side by side on a GPU, as another type where asked for, in one pass over
 * the memory. The table is in the GPU's memory, or in the host's, pinned. Safe for use by many
 * threads; closed when the GPU has done what was asked.
 */
public final class RowGatherKernel implements AutoCloseable {
  /** The width of rows is a multiple of this. */
  public static final int WIDTH_UNIT = 8;

  static final KernelSource SOURCE =
      KernelSource.resource(RowGatherKernel.class, "gather_rows.cu").withValueTypes();
  private static final Map<ScalarType, String> TABLE_TYPES =
      new EnumMap<>(Map.of(ScalarType.Float, "float", ScalarType.Half, "half"));
  private static final Map<ScalarType, String> TARGET_TYPES =
      new EnumMap<>(
          Map.of(
              ScalarType.Float, "float",
              ScalarType.Half, "half",
              ScalarType.BFloat16, "bfloat16"));
  private static final int THREADS = 256;
  private static final int WARP = 32;
  private static final int PACK_BYTES = 16;

  private final ComputeDevice device;
  private final KernelModule module;
  private final Map<ScalarType, Map<ScalarType, SizedKernel>> kernels =
      new EnumMap<>(ScalarType.class);

  /**
   * Loads the kernels.
   *
   * @param device a GPU
   * @throws DicmException as {@link Gpu#load}
   */
  public RowGatherKernel(ComputeDevice device) {
    this.device = device;
    this.module = device.gpu().load(SOURCE);
    try {
      for (ScalarType from : TABLE_TYPES.keySet()) {
        Map<ScalarType, SizedKernel> ofTable = new EnumMap<>(ScalarType.class);
        for (ScalarType to : TARGET_TYPES.keySet()) {
          ofTable.put(to, SizedKernel.of(module, kernelName(from, to), THREADS));
        }
        kernels.put(from, ofTable);
      }
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  /**
   * Copies rows together, on the thread's current stream; does not wait. A number outside the table
   * gives a row of NaN.
   *
   * @param table [table rows, width] of float or half, contiguous, the width a multiple of {@link
   *     #WIDTH_UNIT}
   * @param numbers of rows, 32-bit, contiguous, on the GPU; at least {@code count}
   * @param count rows to collect
   * @param target [count or more, width] of float, half or bfloat16, contiguous, on the GPU; rows
   *     from {@code count} on stay as they are
   */
  public void gather(Tensor table, Tensor numbers, int count, Tensor target) {
    ScalarType from = TensorType.of(table);
    ScalarType to = TensorType.of(target);
    require(
        TABLE_TYPES.containsKey(from) && TARGET_TYPES.containsKey(to),
        "Types of table and target were " + from + " and " + to);
    require(
        table.dim() == 2 && target.dim() == 2 && table.size(1) == target.size(1),
        "Table and target are not tables of one width");
    require(table.size(1) % WIDTH_UNIT == 0, "The width was " + table.size(1));
    require(
        TensorType.is(numbers, ScalarType.Int) && numbers.dim() == 1,
        "Row numbers are not a list of 32-bit integers");
    require(
        count >= 0 && count <= numbers.numel() && count <= target.size(0),
        "Rows were " + count + " of " + numbers.numel() + " into " + target.size(0));
    require(
        table.is_contiguous() && numbers.is_contiguous() && target.is_contiguous(),
        "A tensor's values do not lie side by side");
    require(
        device.holds(numbers) && device.holds(target), "Numbers or target are not on " + device);
    int width = Math.toIntExact(table.size(1));
    if (count == 0 || width == 0) {
      return;
    }
    require(
        table.data_ptr().address() % PACK_BYTES == 0
            && target.data_ptr().address() % PACK_BYTES == 0,
        "Table or target begin in the middle of " + PACK_BYTES + " bytes");
    int packBytes = (int) Math.max(table.element_size(), target.element_size());
    SizedKernel sized = kernels.get(from).get(to);
    sized
        .kernel()
        .launch(
            shape(count, width / (PACK_BYTES / packBytes), sized.blocks()),
            new KernelArguments()
                .tensor(table)
                .tensor(numbers)
                .tensor(target)
                .longInteger(table.size(0))
                .longInteger(count)
                .integer(width));
  }

  /**
   * Threads for some rows: as many side by side as a row has packs, up to a block.
   *
   * @param packs reads of a row
   * @param most blocks that the GPU runs at a time
   */
  static LaunchShape shape(int rows, int packs, int most) {
    int side = WARP;
    while (side < THREADS && side < packs) {
      side *= 2;
    }
    int rowsOfBlock = THREADS / side;
    int blocks = (int) (((long) rows + rowsOfBlock - 1) / rowsOfBlock);
    return new LaunchShape(Math.max(1, Math.min(blocks, most)), side, rowsOfBlock);
  }

  /** What the source calls the kernel from one type to another. */
  static String kernelName(ScalarType from, ScalarType to) {
    return "gather_" + TABLE_TYPES.get(from) + "_to_" + TARGET_TYPES.get(to);
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
