package io.dicm.ams.submodel;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import io.dicm.ams.table.KeyedRandom;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * One compression network of the sub-model: image vectors in, 12-d codes out. Its initial values
 * come from the seed and the network's name, and its updates use defined float arithmetic only, so
 * that replicas that see the same gradients stay equal to the last bit. Not safe for use by many
 * threads.
 */
public final class CodeNetwork implements AutoCloseable {
  private final String name;
  private final NetworkLayout layout;
  private final Optimizer optimizer;
  private final OptimizerState state;
  private final Tensor memory;
  private final List<Tensor> parameters = new ArrayList<>();
  private long updates;

  /**
   * @param name names the network in files and picks its initial values
   * @param layout of its parameters
   * @param seed of the initial values
   */
  public CodeNetwork(String name, NetworkLayout layout, long seed, Optimizer optimizer) {
    this.name = name;
    this.layout = layout;
    this.optimizer = optimizer;
    this.state = OptimizerState.startingAt(initialValues(seed), optimizer);
    try (PointerScope scope = new PointerScope()) {
      memory = torch.empty(layout.length());
      memory.retainReference();
      for (FlatTensor tensor : layout.tensors()) {
        parameters.add(leaf(tensor));
      }
    }
    copyValuesToMemory();
  }

  private float[] initialValues(long seed) {
    float[] values = new float[layout.length()];
    for (FlatTensor tensor : layout.tensors()) {
      KeyedRandom random = new KeyedRandom(seed, Fingerprints.idKey(name, tensor.name()));
      for (int i = tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
        values[i] = tensor.center() + random.nextNormal(tensor.deviation());
      }
    }
    return values;
  }

  /** A view of the flat memory that gathers a gradient of its own. */
  private Tensor leaf(FlatTensor tensor) {
    Tensor leaf = memory.narrow(0, tensor.offset(), tensor.length()).view(tensor.shape()).detach();
    leaf.set_requires_grad(true);
    leaf.retainReference();
    return leaf;
  }

  /**
   * Computes codes and keeps what {@link CodePass#backward} needs.
   *
   * @param inputs scaled vectors, [rows, input dimension], at least one row; may change only after
   *     the pass is closed
   */
  public CodePass forward(Tensor inputs) {
    try (PointerScope scope = new PointerScope()) {
      Tensor codes = codesOf(inputs);
      codes.retainReference();
      return new CodePass(this, codes);
    }
  }

  /**
   * Computes codes that nothing is learned from.
   *
   * @param inputs scaled vectors, [rows, input dimension]
   * @return [rows, 12]
   */
  public float[] codes(Tensor inputs) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return valuesOf(codesOf(inputs));
    }
  }

  private Tensor codesOf(Tensor inputs) {
    Tensor hidden = inputs;
    for (int i = 0; i < parameters.size(); i++) {
      hidden =
          parameters.get(i).numel() == 1
              ? torch.prelu(hidden, parameters.get(i))
              : torch.linear(hidden, parameters.get(i), new TensorOptional(parameters.get(++i)));
    }
    return hidden;
  }

  /** The flat gradient that a backward pass left; clears it. */
  float[] takeGradient() {
    float[] gradient = new float[layout.length()];
    for (int i = 0; i < parameters.size(); i++) {
      FlatTensor tensor = layout.tensors().get(i);
      FloatPointer values = parameters.get(i).grad().contiguous().data_ptr_float();
      values.get(gradient, tensor.offset(), tensor.length());
      parameters.get(i).mutable_grad().reset();
    }
    return gradient;
  }

  static float[] valuesOf(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    tensor.contiguous().data_ptr_float().get(values);
    return values;
  }

  /**
   * Makes one step.
   *
   * @param gradient flat, as {@link CodePass#backward} gives it
   */
  public void update(float[] gradient, float learningRate) {
    updates++;
    optimizer.update(state, 0, layout.length(), gradient, 0, updates, learningRate);
    copyValuesToMemory();
  }

  private void copyValuesToMemory() {
    try (PointerScope scope = new PointerScope()) {
      memory.data_ptr_float().put(state.values());
    }
  }

  /** The name given at construction. */
  public String name() {
    return name;
  }

  /** Where each tensor lies in the flat vectors. */
  public NetworkLayout layout() {
    return layout;
  }

  /** Values under training and their slots; not copied: do not change. */
  OptimizerState state() {
    return state;
  }

  /** The network as it is now. */
  public NetworkSnapshot snapshot() {
    return new NetworkSnapshot(name, layout, updates, state.copy());
  }

  /**
   * Goes on from a snapshot.
   *
   * @param count updates that the parameters have had
   * @param flat their values and slots, as the layout says
   */
  public void restore(long count, OptimizerState flat) {
    updates = count;
    state.copyFrom(flat, 0, layout.length());
    copyValuesToMemory();
  }

  /** Adds a copy of each tensor under {@code <network>.<tensor>}. */
  public void copyTensorsTo(Map<String, FloatTensor> tensors) {
    for (FlatTensor tensor : layout.tensors()) {
      int end = tensor.offset() + tensor.length();
      float[] values = Arrays.copyOfRange(state.values(), tensor.offset(), end);
      tensors.put(name + "." + tensor.name(), new FloatTensor(tensor.shape(), values));
    }
  }

  @Override
  public void close() {
    parameters.forEach(Tensor::close);
    memory.close();
  }
}
