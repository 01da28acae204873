package io.dicm.trainer.model;

import io.dicm.ams.client.StepInputs;
import io.dicm.ams.server.DeviceCodes;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.network.DenseLayout;
import io.dicm.trainer.network.Parameters;
import io.dicm.trainer.network.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The DICM network of a worker (arXiv 1711.06505, figure 2): pooled ID embeddings, the ad image's
 * code and pooled behaviour codes (see {@link Aggregation}) into a multilayer perceptron with a
 * softmax over two classes. It holds no parameters: they come with each call, as the servers hold
 * them.
 *
 * <p>Each call opens and closes a pointer scope of its own, so native memory stays flat. Safe for
 * use by many threads.
 */
public final class DicmNetwork {
  private static final long SUM_REDUCTION = 2;
  private static final long NO_IGNORED_CLASS = -100;

  private final NetworkShape shape;
  private final ComputeDevice device;
  private final AttentionKernels kernels;
  private final NetworkGraph graph;
  private final DenseLayout layout;
  private final int statisticCount;
  private final ParameterTensors parameterTensors;

  /** On the processor. */
  public DicmNetwork(NetworkShape shape) {
    this(shape, ComputeDevice.PROCESSOR);
  }

  /**
   * Without kernels of its own.
   *
   * @param device where passes are computed
   */
  public DicmNetwork(NetworkShape shape, ComputeDevice device) {
    this(shape, device, AttentionKernels.plain());
  }

  /**
   * @param device where passes are computed
   * @param kernels for the shape and the device, the caller's to close after the last step
   */
  public DicmNetwork(NetworkShape shape, ComputeDevice device, AttentionKernels kernels) {
    this.shape = shape;
    this.device = device;
    this.kernels = kernels;
    this.graph = new NetworkGraph(shape);
    this.layout = graph.parameterSet().layout();
    this.statisticCount = graph.parameterSet().statisticCount();
    this.parameterTensors = new ParameterTensors(layout, statisticCount, device);
  }

  /** Where passes are computed. */
  public ComputeDevice device() {
    return device;
  }

  /** Whether a kernel of our own computes training steps' attention. */
  public boolean usesKernel() {
    return kernels.isFused();
  }

  public NetworkShape shape() {
    return shape;
  }

  /** Names and places of the dense parameters. */
  public DenseLayout layout() {
    return layout;
  }

  /**
   * How many of the dense parameters, the first ones, are statistics of batches: servers keep their
   * running means, no optimiser touches them.
   */
  public int statisticCount() {
    return statisticCount;
  }

  /**
   * The dense parameters before the first step, flat: weights and biases uniform in +-1/sqrt(layer
   * inputs), PReLU slopes 0.25. The same for the same seed on every machine.
   */
  public float[] initialDense(long seed) {
    return graph.parameterSet().initialValues(seed);
  }

  /**
   * A batch's indices as its passes take them, made when they are asked for; the caller's to close
   * after the last pass.
   *
   * @param indices which impression uses which rows
   */
  public PreparedIndices prepare(NetworkIndices indices) {
    return new PreparedIndices(indices, device, kernels);
  }

  /**
   * As {@link #prepare(NetworkIndices)}, with all that a training step asks for already made.
   *
   * @param idRows different IDs of the batch
   * @param adImages different pictures of shown items
   * @param behaviorImages different pictures of behaviours
   */
  public PreparedIndices prepareStep(
      NetworkIndices indices, int idRows, int adImages, int behaviorImages) {
    PreparedIndices prepared = prepare(indices);
    try {
      // An empty table gets a row.
      prepared.makeAll(
          shape, Math.max(1, idRows), Math.max(1, adImages), Math.max(1, behaviorImages));
    } catch (RuntimeException | Error e) {
      prepared.close();
      throw e;
    }
    return prepared;
  }

  /**
   * Forward and backward pass.
   *
   * @param indices which impression uses which rows of {@code inputs}
   * @param labels 1 for a click, else 0, [impressions]
   */
  public StepOutcome train(NetworkIndices indices, long[] labels, StepInputs inputs) {
    return train(indices, labels, inputs, StepContext.PLAIN);
  }

  /**
   * Forward and backward pass of a step that may be for a part of the network alone.
   *
   * @param indices which impression uses which rows of {@code inputs}
   * @param labels 1 for a click, else 0, [impressions]
   */
  public StepOutcome train(
      NetworkIndices indices, long[] labels, StepInputs inputs, StepContext step) {
    try (PreparedIndices prepared = prepare(indices)) {
      return train(prepared, labels, inputs, step);
    }
  }

  /**
   * Forward and backward pass of a step that may be for a part of the network alone.
   *
   * @param indices of {@link #prepare} or {@link #prepareStep}
   * @param labels 1 for a click, else 0, [impressions]
   */
  public StepOutcome train(
      PreparedIndices indices, long[] labels, StepInputs inputs, StepContext step) {
    try (PointerScope scope = new PointerScope()) {
      ThereAndBack way = thereAndBack(indices, labels, tables(inputs), inputs.dense(), step);
      NetworkTables gradients = way.gradients.tables();
      // Before anything is waited for: a GPU computes while millions of floats are set to zero.
      float[] adCodes = new float[inputs.adCodes().length];
      float[] behaviorCodes = new float[inputs.behaviorCodes().length];
      float[] ids = new float[inputs.idEmbeddings().length];
      read(gradients.adCodes(), adCodes);
      read(gradients.behaviorCodes(), behaviorCodes);
      read(gradients.ids(), ids);
      return new StepOutcome(
          way.loss.item_double(),
          clickProbabilities(way.pass.logits().detach()),
          adCodes,
          behaviorCodes,
          ids,
          denseGradient(
              way.parameters, way.gradients.parameters(), way.pass.statistics(), labels.length));
    }
  }

  /** A pass that went forward and back, or on a GPU was told to. */
  private record ThereAndBack(
      Parameters parameters, TrainingPass pass, Tensor loss, TrainingPass.Gradients gradients) {}

  /** Within the caller's pointer scope. */
  private ThereAndBack thereAndBack(
      PreparedIndices indices,
      long[] labels,
      NetworkTables tables,
      float[] dense,
      StepContext step) {
    Parameters parameters = parameterTensors.of(dense, true);
    TrainingPass pass = graph.begin(tables, indices, parameters, step);
    Tensor loss = loss(pass.logits(), device.of(labels, labels.length));
    Tensor auxiliary = pass.auxiliaryLoss();
    (auxiliary == null ? loss : loss.add(auxiliary)).backward();
    return new ThereAndBack(parameters, pass, loss, pass.backward());
  }

  /**
   * Tells the GPU to go forward and back with codes that are there, and does not wait.
   *
   * @param indices of {@link #prepare} or {@link #prepareStep}
   * @param labels 1 for a click, else 0, [impressions]
   * @param inputs whose arrays of codes are not read
   * @param codes on this network's GPU, which may still be computing them
   * @return the caller's to wait for and to close
   * @throws IllegalStateException on the processor, or for a network that needs tiers or none of
   *     the codes
   */
  public DeviceTraining beginTraining(
      PreparedIndices indices, long[] labels, StepInputs inputs, DeviceCodes codes) {
    if (device.isProcessor() || shape.tiers() > 0) {
      throw new IllegalStateException("The network is not one that trains from a GPU's codes");
    }
    try (PointerScope scope = new PointerScope()) {
      Tensor ids = table(inputs.idEmbeddings(), shape.rowWidth());
      NetworkTables tables = new NetworkTables(ids, codes.ads(), codes.behaviors());
      ThereAndBack way = thereAndBack(indices, labels, tables, inputs.dense(), StepContext.PLAIN);
      NetworkTables gradients = way.gradients.tables();
      if (gradients.adCodes() == null || gradients.behaviorCodes() == null) {
        throw new IllegalStateException("The network has no use for the codes of both tables");
      }
      return new DeviceTraining(
          device,
          new DeviceCodes(gradients.adCodes(), gradients.behaviorCodes()),
          way.loss.detach(),
          clickTensor(way.pass.logits().detach()),
          gradients.ids(),
          denseOnDevice(
              way.parameters, way.gradients.parameters(), way.pass.statistics(), labels.length));
    }
  }

  /**
   * Copies a gradient; waits for what computes it.
   *
   * @param gradient null: there is none, all are 0
   */
  private void read(Tensor gradient, float[] target) {
    if (gradient != null) {
      device.read(gradient, target, 0, target.length);
    }
  }

  /** The probabilities of a click, [impressions]. */
  public float[] predict(NetworkIndices indices, StepInputs inputs) {
    try (PreparedIndices prepared = prepare(indices);
        PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      return clickProbabilities(
          graph.logits(tables(inputs), prepared, parameterTensors.of(inputs.dense(), false)));
    }
  }

  /**
   * The vectors of a network's towers, and what they score.
   *
   * @throws IllegalStateException for a network without towers
   */
  public TowerOutput towers(NetworkIndices indices, StepInputs inputs) {
    try (PreparedIndices prepared = prepare(indices);
        PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      NetworkGraph.TowerPass pass =
          graph.towers(tables(inputs), prepared, parameterTensors.of(inputs.dense(), false));
      Tensor users = pass.towers().users();
      return new TowerOutput(
          (int) users.size(1),
          device.read(users),
          device.read(pass.towers().items()),
          pass.bias().item_float(),
          clickProbabilities(pass.logits()));
    }
  }

  /**
   * The weights w_i that attention gives the behaviours, channel by channel, in the order of {@link
   * NetworkIndices#behaviorImages}. None where the behaviours' pictures are not pooled by
   * attention.
   */
  public List<AttentionChannel> attention(NetworkIndices indices, StepInputs inputs) {
    if (!shape.images().poolsBehaviors()) {
      return List.of();
    }
    try (PreparedIndices prepared = prepare(indices);
        PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      List<AttentionChannel> channels = new ArrayList<>();
      for (Aggregator.Weights channel :
          graph.attention(tables(inputs), prepared, parameterTensors.of(inputs.dense(), false))) {
        channels.add(new AttentionChannel(channel.query(), device.read(channel.weights())));
      }
      return channels;
    }
  }

  private float[] clickProbabilities(Tensor logits) {
    return device.read(clickTensor(logits));
  }

  private static Tensor clickTensor(Tensor logits) {
    return torch.softmax(logits, 1).select(1, 1);
  }

  /**
   * The sum of the impressions' losses.
   *
   * @param labels [impressions], on the device of the scores
   */
  static Tensor loss(Tensor logits, Tensor labels) {
    return torch.cross_entropy_loss(
        logits, labels, new TensorOptional(), SUM_REDUCTION, NO_IGNORED_CLASS, 0.0);
  }

  private NetworkTables tables(StepInputs inputs) {
    return new NetworkTables(
        table(inputs.idEmbeddings(), shape.rowWidth()),
        table(inputs.adCodes(), shape.codeDimension()),
        table(inputs.behaviorCodes(), shape.codeDimension()),
        shape.tiers() == 0 ? null : tiers(inputs.tierCounts()));
  }

  /** Counts differ by orders of magnitude from tier to tier: their logarithms do not. */
  private Tensor tiers(int[] counts) {
    float[] logarithms = new float[counts.length];
    for (int i = 0; i < counts.length; i++) {
      logarithms[i] = (float) Math.log1p(counts[i]);
    }
    return device.of(logarithms, counts.length / shape.tiers(), shape.tiers());
  }

  /** The unique rows; an empty table gets a row that nobody refers to. */
  private Tensor table(float[] values, int width) {
    float[] rows = values.length == 0 ? new float[width] : values;
    return device.of(rows, rows.length / width, width);
  }

  /**
   * Those by hand, and what automatic differentiation left in the parameters themselves. For a
   * statistic, which the servers average over impressions as they do gradients, the batch's mean
   * times its impressions.
   */
  private float[] denseGradient(
      Parameters parameters,
      Map<String, Tensor> byHand,
      Map<String, Tensor> statistics,
      int impressions) {
    float[] flat = new float[layout.length()];
    if (!device.isProcessor()) {
      // One copy: each is waited for.
      device.read(denseOnDevice(parameters, byHand, statistics, impressions), flat, 0, flat.length);
      return flat;
    }
    for (DenseLayout.Entry entry : layout.entries()) {
      Tensor gradient = gradient(entry, parameters, byHand, statistics, impressions);
      if (gradient.defined()) {
        device.read(gradient, flat, entry.offset(), entry.count());
      }
    }
    return flat;
  }

  /** All of them side by side, [layout length]. */
  private Tensor denseOnDevice(
      Parameters parameters,
      Map<String, Tensor> byHand,
      Map<String, Tensor> statistics,
      int impressions) {
    TensorVector inOrder = new TensorVector();
    for (DenseLayout.Entry entry : layout.entries()) {
      Tensor gradient = gradient(entry, parameters, byHand, statistics, impressions);
      Tensor known = gradient.defined() ? gradient : device.zeros(ScalarType.Float, entry.count());
      inOrder.push_back(known.reshape(-1));
    }
    return inOrder.empty() ? device.empty(ScalarType.Float, 0) : torch.cat(inOrder, 0);
  }

  private Tensor gradient(
      DenseLayout.Entry entry,
      Parameters parameters,
      Map<String, Tensor> byHand,
      Map<String, Tensor> statistics,
      int impressions) {
    if (entry.offset() < statisticCount) {
      Tensor mean = statistics.get(entry.name());
      // A step that leaves one out keeps what there is.
      Tensor kept = mean == null ? parameters.get(entry.name()) : mean;
      return kept.mul(new Scalar((float) impressions));
    }
    Tensor known = byHand.get(entry.name());
    return known == null ? parameters.get(entry.name()).grad() : known;
  }
}
