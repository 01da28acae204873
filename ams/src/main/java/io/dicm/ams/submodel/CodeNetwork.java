package io.dicm.ams.submodel;

import io.dicm.ams.compute.ComputeCrew.RangeWork;
import io.dicm.ams.compute.TensorWork;
import io.dicm.ams.dense.DenseRange;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.submodel.DenseLayer.Activation;
import io.dicm.ams.submodel.DenseLayer.Parameter;
import io.dicm.ams.submodel.DenseLayer.Pass;
import io.dicm.ams.submodel.DenseLayer.ResultGradients;
import io.dicm.ams.submodel.NetworkLayout.FlatTensor;
import io.dicm.ams.table.KeyedRandom;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceMark;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * One compression network of the sub-model: image vectors in, short codes out. Its initial values
 * come from the seed and the network's name, and its updates use defined float arithmetic only, so
 * that the same gradients give the same bits on every machine. Codes are computed with all values;
 * what trains is one range of them, which the optimiser's slots are there for. Not safe for use by
 * many threads.
 */
public final class CodeNetwork implements AutoCloseable {
  /** Fewer rows or columns at a time make matrix products slow. */
  private static final int LEAST_ROWS = 256;

  private static final int LEAST_INPUTS = 512;

  /** Fewer values of an update are not worth a thread. */
  private static final int LEAST_VALUES = 1 << 16;

  private final String name;
  private final NetworkLayout layout;
  private final int codeDimension;
  private final Optimizer optimizer;
  private final DenseRange own;
  private final TensorWork work;
  private final OptimizerState state;
  private final Optional<FlatTensor> missingCode;

  /** What the device computes with. */
  private final PlacedTensors memory;

  /** The same values in the process's own memory: the same tensor where that is the device's. */
  private final Tensor ownMemory;

  private final ByteBuffer memoryBytes;
  private final FloatBuffer memoryValues;
  private final PlacedTensors gradientMemory;
  private final List<DenseLayer> layers = new ArrayList<>();

  /** Where a GPU copies the gradient to; null on the processor. */
  private final Tensor gradientBeside;

  private final DeviceMark gradientCopied;

  /** One array for all steps: a new one of millions of floats costs milliseconds of page faults. */
  private final float[] flatGradient;

  private long updates;
  private boolean gradientBegun;

  /** Behind what copies the process's own values to the device. */
  private final DeviceMark copied;

  /** Whether the device has older values than the process. */
  private boolean deviceLagsBehind;

  /**
   * @param name names the network in files and picks its initial values
   * @param layout of its parameters
   * @param seed of the initial values
   * @param own the range of the flat vector that is trained here
   * @param work computes passes
   */
  public CodeNetwork(
      String name,
      NetworkLayout layout,
      long seed,
      Optimizer optimizer,
      DenseRange own,
      TensorWork work) {
    this.name = name;
    this.layout = layout;
    this.codeDimension = layout.codeDimension();
    this.optimizer = optimizer;
    this.own = own;
    this.work = work;
    this.missingCode = layout.missingCode();
    this.flatGradient = new float[layout.length()];
    float[] initial = initialValues(seed);
    this.state =
        OptimizerState.startingAt(Arrays.copyOfRange(initial, own.from(), own.to()), optimizer);
    try (PointerScope scope = new PointerScope()) {
      ComputeDevice device = work.device();
      memory = PlacedTensors.on(device, layout);
      copied = device.mark();
      gradientCopied = device.mark();
      gradientBeside =
          device.isProcessor()
              ? null
              : device.pinned(ScalarType.Float, layout.length()).retainReference();
      ownMemory =
          device.isProcessor()
              ? memory.memory()
              : device.pinned(ScalarType.Float, layout.length()).retainReference();
      // What no layer writes a gradient into stays 0.
      gradientMemory = PlacedTensors.on(device, layout);
      memoryBytes = ownMemory.data_ptr_float().capacity(layout.length()).asByteBuffer();
      memoryValues = memoryBytes.asFloatBuffer();
      addLayers();
    }
    memoryValues.put(0, initial);
    deviceLagsBehind = !work.device().isProcessor();
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
    List<FlatTensor> tensors = layout.layerTensors();
    for (int i = 0; i < tensors.size(); i += 2) {
      Parameter weight = parameter(tensors.get(i));
      Parameter bias = parameter(tensors.get(i + 1));
      boolean activated = i + 2 < tensors.size();
      Activation activation = activated ? activation(tensors.get(i + 2)) : null;
      layers.add(new DenseLayer(weight, bias, activation, i == 0 && work.roundsInputs()));
      i += activated ? 1 : 0;
    }
  }

  /** The slope comes from the process's own memory: to ask a GPU for it is to wait for it. */
  private Activation activation(FlatTensor slope) {
    return new Activation(() -> memoryValues.get(slope.offset()), gradientMemory.view(slope));
  }

  private Parameter parameter(FlatTensor tensor) {
    return new Parameter(memory.view(tensor), gradientMemory.view(tensor));
  }

  private void bringDeviceUpToDate() {
    if (deviceLagsBehind) {
      memory.beginCopyFrom(ownMemory);
      copied.set();
      deviceLagsBehind = false;
    }
  }

  /**
   * A GPU may still read the values that are to change; after its gradients are read it does not.
   */
  private void beforeValuesChange() {
    copied.await();
    deviceLagsBehind = !work.device().isProcessor();
  }

  /**
   * Computes codes and keeps what {@link CodePass#backward} needs.
   *
   * @param inputs scaled vectors, [rows, input dimension], at least one row, on the network's
   *     device; may change only after the pass is closed
   */
  public CodePass forward(Tensor inputs) {
    return forward(inputs, CodePass.NO_ROW);
  }

  /**
   * Computes codes and keeps what {@link CodePass#backward} needs.
   *
   * @param inputs as {@link #forward(Tensor)} takes them
   * @param missingRow the row that stands for images without a vector, or {@link CodePass#NO_ROW};
   *     its code is the learned one where the layout has one
   */
  public CodePass forward(Tensor inputs, int missingRow) {
    List<Pass> passes = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      Tensor codes = codesOf(inputs, passes);
      passes.forEach(Pass::retain);
      return new CodePass(
          this, passes, codes, missingCode.isEmpty() ? CodePass.NO_ROW : missingRow);
    }
  }

  /**
   * Bytes of the process's own memory outside the heap that a pass of so many rows keeps, besides
   * the rows themselves; none where a GPU computes.
   */
  public long passBytes(long rows) {
    if (!work.device().isProcessor()) {
      return 0;
    }
    long bytes = 0;
    for (int i = 0; i < layers.size(); i++) {
      bytes += layers.get(i).passBytes(rows, i > 0);
    }
    return bytes;
  }

  /**
   * Computes codes that nothing is learned from.
   *
   * @param inputs scaled vectors, [rows, input dimension]
   * @return [rows, code dimension]
   */
  public float[] codes(Tensor inputs) {
    try (PointerScope scope = new PointerScope()) {
      return work.device().read(codesOf(work.device().place(inputs), new ArrayList<>()));
    }
  }

  /**
   * Runs all layers.
   *
   * @param passes gets each layer's
   */
  private Tensor codesOf(Tensor inputs, List<Pass> passes) {
    bringDeviceUpToDate();
    Tensor hidden = inputs;
    for (DenseLayer layer : layers) {
      // Nobody asks for the gradient of the images themselves, the largest product of all.
      Pass pass = layer.begin(hidden, !passes.isEmpty());
      passes.add(pass);
      hidden = pass.activation();
    }
    work.run(
        work.pieces(
            inputs.size(0),
            LEAST_ROWS,
            (from, rows) -> {
              for (int i = 0; i < layers.size(); i++) {
                layers.get(i).forward(passes.get(i), from, rows);
              }
            }));
    return hidden;
  }

  /**
   * Computes the parameters' gradient, or on a GPU has begun to when it returns.
   *
   * @param passes through the layers
   * @param codeGradients [rows, code dimension]
   */
  void beginBackward(List<Pass> passes, Tensor codeGradients) {
    gradientBegun = false;
    List<ResultGradients> gradients = resultGradients(passes, codeGradients);
    work.run(
        work.pieces(
            codeGradients.size(0),
            LEAST_ROWS,
            (from, rows) -> throughLayers(passes, gradients, from, rows)));
    List<Runnable> pieces = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      DenseLayer layer = layers.get(i);
      Pass pass = passes.get(i);
      ResultGradients ofLayer = gradients.get(i);
      pieces.addAll(
          work.pieces(
              layer.inputs(),
              LEAST_INPUTS,
              (from, inputs) -> layer.weightGradient(pass, ofLayer, from, inputs)));
      pieces.add(() -> layer.otherGradients(pass, ofLayer));
    }
    work.run(pieces);
  }

  /**
   * Has a GPU copy the gradient of the last {@link #beginBackward} to the processor when it is
   * computed, before what is begun after this. {@link #gradient} does so itself if nobody has.
   */
  void beginGradient() {
    if (!work.device().isProcessor()) {
      gradientMemory.beginRead(gradientBeside);
      gradientCopied.set();
      gradientBegun = true;
    }
  }

  /**
   * The parameters' gradient of the last {@link #beginBackward}; waits for what computes it.
   *
   * @return flat, as the layout says; overwritten by the next call
   */
  float[] gradient() {
    if (work.device().isProcessor()) {
      gradientMemory.read(work.device(), flatGradient);
      return flatGradient;
    }
    if (!gradientBegun) {
      beginGradient();
    }
    gradientBegun = false;
    gradientCopied.await();
    work.device().readHere(gradientBeside, 0, flatGradient);
    return flatGradient;
  }

  /** Room for the gradients of each layer's results, of which those of the last are there. */
  private List<ResultGradients> resultGradients(List<Pass> passes, Tensor codeGradients) {
    List<ResultGradients> gradients = new ArrayList<>();
    int last = layers.size() - 1;
    for (int i = 0; i <= last; i++) {
      Tensor activation = i == last ? codeGradients : torch.empty_like(passes.get(i).activation());
      gradients.add(layers.get(i).gradients(activation));
    }
    return gradients;
  }

  private void throughLayers(
      List<Pass> passes, List<ResultGradients> gradients, long from, long rows) {
    for (int i = layers.size() - 1; i >= 0; i--) {
      layers.get(i).throughActivation(passes.get(i), gradients.get(i), from, rows);
      if (i > 0) {
        Tensor target = gradients.get(i - 1).activation();
        DenseLayer.inputGradient(passes.get(i), gradients.get(i), target, from, rows);
      }
    }
  }

  /** Where passes are computed. */
  public ComputeDevice device() {
    return work.device();
  }

  /** Whether images without a vector have a code that is not computed but learned. */
  public boolean learnsMissingCode() {
    return missingCode.isPresent();
  }

  /** Where the learned code of images without a vector is in the flat vector; it must have one. */
  int missingCodeOffset() {
    return missingCode.orElseThrow().offset();
  }

  /** Copies neighbouring values from {@code index} on, as codes are computed with them. */
  public void copyValues(int index, float[] target, int offset, int length) {
    memoryValues.get(index, target, offset, length);
  }

  /**
   * Makes one step of the own range; codes are computed with it after {@link #put}.
   *
   * @param gradient [at least own range length], of the own range
   */
  public void update(float[] gradient, float learningRate) {
    updates++;
    runOnCrew(
        own.length(),
        (from, length) ->
            optimizer.update(
                state, (int) from, (int) length, gradient, (int) from, updates, learningRate));
  }

  /** Works on values on the processor. */
  private void runOnCrew(int values, RangeWork update) {
    work.crew().run(work.crew().pieces(values, LEAST_VALUES, update));
  }

  /** Steps that the own range has made. */
  public long updates() {
    return updates;
  }

  /** The newest values of the own range, [own range length]; not copied. */
  public FloatBuffer ownValues() {
    return FloatBuffer.wrap(state.values());
  }

  /**
   * Overwrites values that codes are computed with.
   *
   * @param from index of the first one
   * @param values read from position to limit, which stay
   */
  public void put(int from, FloatBuffer values) {
    beforeValuesChange();
    int first = values.position();
    runOnCrew(
        values.remaining(),
        (at, length) -> memoryValues.put(from + (int) at, values, first + (int) at, (int) length));
  }

  /** The bits of all values that codes are computed with; not copied. */
  ByteBuffer valueBytes() {
    return memoryBytes.asReadOnlyBuffer();
  }

  /** A copy of all values that codes are computed with, [layout length]. */
  float[] values() {
    float[] values = new float[layout.length()];
    memoryValues.get(0, values);
    return values;
  }

  /** The name given at construction. */
  public String name() {
    return name;
  }

  /** Where each tensor lies in the flat vectors. */
  public NetworkLayout layout() {
    return layout;
  }

  /** Length of a code. */
  public int codeDimension() {
    return codeDimension;
  }

  /** The own range as it is now. */
  public NetworkSnapshot snapshot() {
    return new NetworkSnapshot(name, layout, updates, own, state.copy());
  }

  /**
   * Goes on from a snapshot.
   *
   * @param count updates that the parameters have had
   * @param flat values and slots of the whole network, as the layout says
   */
  public void restore(long count, OptimizerState flat) {
    updates = count;
    state.copyFrom(flat.range(own.from(), own.to()), 0, own.length());
    beforeValuesChange();
    memoryValues.put(0, flat.values());
  }

  /** Adds a copy of each tensor under {@code <network>.<tensor>}. */
  public void copyTensorsTo(Map<String, FloatTensor> tensors) {
    for (FlatTensor tensor : layout.tensors()) {
      float[] values = new float[tensor.length()];
      copyValues(tensor.offset(), values, 0, values.length);
      tensors.put(name + "." + tensor.name(), new FloatTensor(tensor.shape(), values));
    }
  }

  @Override
  public void close() {
    layers.forEach(DenseLayer::close);
    memory.close();
    copied.close();
    gradientCopied.close();
    if (!work.device().isProcessor()) {
      ownMemory.close();
      gradientBeside.close();
    }
    gradientMemory.close();
  }
}
