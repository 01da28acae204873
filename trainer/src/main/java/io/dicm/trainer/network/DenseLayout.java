package io.dicm.trainer.network;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names, shapes and places of a network's parameters in the one flat vector that travels
 * between workers and servers.
 *
 * @param entries in the vector's order, without gaps
 */
public record DenseLayout(List<Entry> entries) {
  /**
   * One parameter.
   *
   * @param name unique, such as {@code mlp.0.weight}
   * @param shape its dimensions
   * @param offset where its values begin in the flat vector
   */
  public record Entry(String name, long[] shape, int offset) {
    /** Number of values. */
    public int count() {
      return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }
  }

  public DenseLayout {
    entries = List.copyOf(entries);
    int end = 0;
    for (Entry entry : entries) {
      if (entry.offset() != end) {
        throw new IllegalArgumentException(
            "Parameter " + entry.name() + " is at " + entry.offset() + ", needed " + end);
      }
      end += entry.count();
    }
  }

  /** Length of the flat vector. */
  public int length() {
    return entries.stream().mapToInt(Entry::count).sum();
  }

  /** The parameters of a flat vector by name. */
  public Map<String, FloatTensor> split(float[] flat) {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      float[] values = Arrays.copyOfRange(flat, entry.offset(), entry.offset() + entry.count());
      tensors.put(entry.name(), new FloatTensor(entry.shape(), values));
    }
    return tensors;
  }

  /**
   * The flat vector of parameters by name.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} when a parameter is missing, is of
   *     another shape or is not of this layout
   */
  public float[] join(Map<String, FloatTensor> tensors) {
    float[] flat = new float[length()];
    for (Entry entry : entries) {
      FloatTensor tensor = tensors.get(entry.name());
      if (tensor == null) {
        throw invalid("parameter " + entry.name() + " is missing");
      }
      if (!Arrays.equals(tensor.shape(), entry.shape())) {
        throw invalid(
            "parameter "
                + entry.name()
                + " has shape "
                + Arrays.toString(tensor.shape())
                + ", needed "
                + Arrays.toString(entry.shape()));
      }
      System.arraycopy(tensor.values(), 0, flat, entry.offset(), entry.count());
    }
    if (tensors.size() != entries.size()) {
      throw invalid(
          "there are " + tensors.size() + " parameters, needed " + entries.size() + " of them");
    }
    return flat;
  }

  private static DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID,
        "Cannot use the dense parameters: " + why + ". They are of another network.");
  }
}
