package io.dicm.ams.checkpoint;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Trained values as tensors: {@code <name>.value}, and {@code <name>.<slot>} for each of the
 * optimiser's slots, all of the same shape.
 *
 * @param optimizer whose slots they are
 */
record StateTensors(Optimizer optimizer) {
  /** Adds one tensor's share of a flat state, which begins at {@code offset}. */
  void add(
      Map<String, FloatTensor> tensors,
      String name,
      OptimizerState flat,
      int offset,
      long[] shape) {
    int length = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    OptimizerState state = flat.range(offset, offset + length);
    tensors.put(field(name, CheckpointLayout.VALUES), new FloatTensor(shape, state.values()));
    for (int slot = 0; slot < state.slots().length; slot++) {
      String field = field(name, optimizer.slots().get(slot));
      tensors.put(field, new FloatTensor(shape, state.slots()[slot]));
    }
  }

  /** The state of one tensor; nothing when a part of it is missing or of another length. */
  Optional<OptimizerState> find(Map<String, FloatTensor> tensors, String name) {
    FloatTensor value = tensors.get(field(name, CheckpointLayout.VALUES));
    if (value == null) {
      return Optional.empty();
    }
    float[][] slots = new float[optimizer.slots().size()][];
    for (int slot = 0; slot < slots.length; slot++) {
      FloatTensor tensor = tensors.get(field(name, optimizer.slots().get(slot)));
      if (tensor == null || tensor.values().length != value.values().length) {
        return Optional.empty();
      }
      slots[slot] = tensor.values();
    }
    return Optional.of(new OptimizerState(value.values(), slots));
  }

  private static String field(String name, String quantity) {
    return name + "." + quantity;
  }
}
