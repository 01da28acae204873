package io.dicm.ams.submodel;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.DenseLayer.Parameter;
import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import io.dicm.ams.table.KeyedRandom;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
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
  private final Tensor gradientMemory;
  private final List<DenseLayer> layers = new ArrayList<>();

  /** One array for all steps: a new one of millions of floats costs milliseconds of page faults. */
  private final float[] flatGradient;

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
    this.flatGradient = new float[layout.length()];
    this.state = OptimizerState.startingAt(initialValues(seed), optimizer);
    try (PointerScope scope = new PointerScope()) {
      memory = torch.empty(layout.length());
      memory.retainReference();
      gradientMemory = torch.empty(layout.length());
      gradientMemory.retainReference();
      addLayers();
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

  private void addLayers() {
    List<FlatTensor> tensors = layout.tensors();
    for (int i = 0; i < tensors.size(); i += 2) {
      Parameter weight = parameter(tensors.get(i));
      Parameter bias = parameter(tensors.get(i + 1));
      boolean activated = i + 2 < tensors.size();
      layers.add(new DenseLayer(weight, bias, activated ? parameter(tensors.get(i + 2)) : null));
      i += activated ? 1 : 0;
    }
  }

  private Parameter parameter(FlatTensor tensor) {
    return new Parameter(view(memory, tensor), view(gradientMemory, tensor));
  }

  private static Tensor view(Tensor flat, FlatTensor tensor) {
    Tensor view = flat.narrow(0, tensor.offset(), tensor.length()).view(tensor.shape());
    view.retainReference();
    return view;
  }

  /**
   * Computes codes and keeps what {@link CodePass#backward} needs.
   *
   * @param inputs scaled vectors, [rows, input dimension], at least one row; may change only after
   *     the pass is closed
   */
  public CodePass forward(Tensor inputs) {
    List<DenseLayer.Pass> passes = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      Tensor codes = codesOf(inputs, passes);
      codes.retainReference();
      passes.forEach(DenseLayer.Pass::retain);
      return new CodePass(this, passes, codes);
    }
  }

  /**
   * Computes codes that nothing is learned from.
   *
   * @param inputs scaled vectors, [rows, input dimension]
   * @return [rows, 12]
   */
  public float[] codes(Tensor inputs) {
    try (PointerScope scope = new PointerScope()) {
      return valuesOf(codesOf(inputs, new ArrayList<>()));
    }
  }

  /**
   * Runs all layers.
   *
   * @param passes gets each layer's
   */
  private Tensor codesOf(Tensor inputs, List<DenseLayer.Pass> passes) {
    Tensor hidden = inputs;
    for (DenseLayer layer : layers) {
      // Nobody asks for the gradient of the images themselves, the largest product of all.
      DenseLayer.Pass pass = layer.pass(hidden, !passes.isEmpty());
      passes.add(pass);
      hidden = layer.activation(pass);
    }
    return hidden;
  }

  /**
   * Computes the parameters' gradient.
   *
   * @param passes through the layers
   * @param codeGradients [rows, 12]
   * @return flat, as the layout says; overwritten by the next call
   */
  float[] backward(List<DenseLayer.Pass> passes, Tensor codeGradients) {
    Tensor gradient = codeGradients;
    for (int i = layers.size() - 1; i >= 0; i--) {
      gradient = layers.get(i).backward(passes.get(i), gradient);
      if (i > 0) {
        gradient = DenseLayer.inputGradient(passes.get(i), gradient);
      }
    }
    gradientMemory.data_ptr_float().get(flatGradient);
    return flatGradient;
  }

  /** A contiguous tensor's values. */
  static float[] valuesOf(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    try (PointerScope scope = new PointerScope()) {
      tensor.data_ptr_float().get(values);
    }
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

  /** Copies all values, as the layout says, to {@code target[offset...]}. */
  public void copyValues(float[] target, int offset) {
    System.arraycopy(state.values(), 0, target, offset, layout.length());
  }

  /** Takes other values, as the layout says, from {@code source[offset...]}. */
  public void setValues(float[] source, int offset) {
    System.arraycopy(source, offset, state.values(), 0, layout.length());
    copyValuesToMemory();
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
    layers.forEach(DenseLayer::close);
    memory.close();
    gradientMemory.close();
  }
}
