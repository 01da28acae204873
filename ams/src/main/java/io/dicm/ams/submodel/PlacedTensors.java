package io.dicm.ams.submodel;

import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.FloatPlaces;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The tensors of a network in one memory of the device that computes with them. A GPU's lie where
 * its kernels can read them best, not as the network's flat vector has them. For one thread at a
 * time.
 */
final class PlacedTensors implements AutoCloseable {
  private final List<FlatTensor> tensors;
  private final FloatPlaces places;
  private final Tensor memory;

  /**
   * Zeros.
   *
   * @param places of the layout's tensors, in its order
   */
  PlacedTensors(NetworkLayout layout, FloatPlaces places, ComputeDevice device) {
    this.tensors = layout.tensors();
    this.places = places;
    try (PointerScope scope = new PointerScope()) {
      this.memory = device.zeros(ScalarType.Float, places.length()).retainReference();
    }
  }

  /** Zeros, placed as the device computes with them best. */
  static PlacedTensors on(ComputeDevice device, NetworkLayout layout) {
    return new PlacedTensors(layout, FloatPlaces.on(device, counts(layout)), device);
  }

  /** How many values each tensor of a layout has. */
  static int[] counts(NetworkLayout layout) {
    return layout.tensors().stream().mapToInt(FlatTensor::length).toArray();
  }

  /** The whole memory, gaps included. */
  Tensor memory() {
    return memory;
  }

  /** A tensor in its shape, which shares this memory; the caller's to close. */
  Tensor view(FlatTensor tensor) {
    int index = tensors.indexOf(tensor);
    try (PointerScope scope = new PointerScope()) {
      return memory
          .narrow(0, places.offset(index), places.count(index))
          .view(tensor.shape())
          .retainReference();
    }
  }

  /**
   * Begins to take values over; what is computed with them afterwards waits for it.
   *
   * @param flat as the layout says, on the processor, pinned where this is a GPU's; may change only
   *     when what was begun has ended
   */
  void beginCopyFrom(Tensor flat) {
    try (PointerScope scope = new PointerScope()) {
      for (int i = 0; i < tensors.size(); i++) {
        FlatTensor tensor = tensors.get(i);
        memory
            .narrow(0, places.offset(i), places.count(i))
            .copy_(flat.narrow(0, tensor.offset(), tensor.length()), true);
      }
    }
  }

  /**
   * Copies the values, and waits for what computes them.
   *
   * @param flat gets them as the layout says
   */
  void read(ComputeDevice device, float[] flat) {
    try (PointerScope scope = new PointerScope()) {
      device.read(withoutGaps(), flat, 0, flat.length);
    }
  }

  /**
   * Begins to copy the values.
   *
   * @param beside gets them as the layout says; of memory that a GPU copies to at full speed
   */
  void beginRead(Tensor beside) {
    try (PointerScope scope = new PointerScope()) {
      beside.copy_(withoutGaps(), true);
    }
  }

  private Tensor withoutGaps() {
    if (places.length() == tensors.stream().mapToInt(FlatTensor::length).sum()) {
      return memory;
    }
    TensorVector parts = new TensorVector();
    for (int i = 0; i < places.tensors(); i++) {
      parts.push_back(memory.narrow(0, places.offset(i), places.count(i)));
    }
    return torch.cat(parts, 0);
  }

  @Override
  public void close() {
    memory.close();
  }
}
