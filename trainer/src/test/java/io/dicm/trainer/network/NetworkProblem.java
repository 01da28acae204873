package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Random inputs and parameters of an ID network in double precision, as plain arrays for a slow
 * reference and as tensors for the network, and the comparison of both: scores to 1e-6, gradients
 * of every input and parameter with central differences of the reference's loss.
 */
final class NetworkProblem {
  static final String SAMPLE = "input:sample";
  static final String IMPRESSION = "input:impression";
  static final String CROSSES = "input:crosses";
  static final String BEHAVIORS = "input:behaviors";
  static final String DRAWN = "input:drawn";
  static final String IMAGES = "input:images";

  /** Items drawn for each problem. */
  private static final int DRAWN_ITEMS = 3;

  private static final double STEP = 1e-5;
  private static final long SUM_REDUCTION = 2;
  private static final long NO_IGNORED_CLASS = -100;

  private final IdNetwork network;
  private final IdShape shape;
  private final int[] sampleOfImpression;
  private final int[] offsets;
  private final int behaviors;
  private final int[] drawnOfBehavior;
  private final long[] labels;
  private final StepContext step;
  private final DenseLayout layout;
  private final int statisticCount;
  private final Map<String, double[]> values = new LinkedHashMap<>();

  /** A slow network, written from the formulas. */
  interface Reference {
    /** Scores of all impressions, [impressions][2], of what the problem holds at the moment. */
    double[][] logits(NetworkProblem problem);

    /** What the network adds to the sum of the impressions' losses. */
    default double auxiliaryLoss(NetworkProblem problem) {
      return 0;
    }
  }

  /**
   * A problem of few samples with two impressions each.
   *
   * @param behaviorCounts behaviours of each sample, as many as samples
   */
  NetworkProblem(
      IdNetwork network, IdShape shape, int[] behaviorCounts, StepContext step, long seed) {
    this.network = network;
    this.shape = shape;
    this.step = step;
    int samples = behaviorCounts.length;
    this.sampleOfImpression = new int[2 * samples];
    this.labels = new long[2 * samples];
    this.offsets = new int[samples];
    int next = 0;
    for (int sample = 0; sample < samples; sample++) {
      offsets[sample] = next;
      next += behaviorCounts[sample];
      sampleOfImpression[2 * sample] = sample;
      sampleOfImpression[2 * sample + 1] = sample;
      labels[2 * sample + sample % 2] = 1;
    }
    this.behaviors = next;
    this.drawnOfBehavior = new SplittableRandom(seed).ints(behaviors, 0, DRAWN_ITEMS).toArray();
    ParameterSet set = new ParameterSet();
    network.declare(set);
    this.layout = set.layout();
    this.statisticCount = set.statisticCount();
    fill(new SplittableRandom(seed));
  }

  private void fill(SplittableRandom random) {
    int impressions = impressions();
    put(random, SAMPLE, impressions * shape.sampleFields() * shape.rowWidth());
    put(random, IMPRESSION, impressions * shape.impressionFields() * shape.rowWidth());
    put(random, CROSSES, impressions * shape.crosses() * shape.rowWidth());
    put(random, BEHAVIORS, behaviors * shape.behaviorFields() * shape.rowWidth());
    put(
        random,
        DRAWN,
        behaviors == 0 ? 0 : DRAWN_ITEMS * shape.behaviorFields() * shape.rowWidth());
    put(random, IMAGES, impressions * shape.imageWidth());
    shareSampleRows();
    for (DenseLayout.Entry entry : layout.entries()) {
      put(random, entry.name(), entry.count());
      if (entry.offset() < statisticCount) {
        // As of a running mean of squares: more than the square of a mean in (-1, 1).
        Arrays.setAll(values.get(entry.name()), i -> entry.name().endsWith("square") ? 1.5 : 0.3);
      }
    }
  }

  private void put(SplittableRandom random, String name, int count) {
    double[] array = new double[count];
    Arrays.setAll(array, i -> 2 * random.nextDouble() - 1);
    values.put(name, array);
  }

  /** The impressions of one sample have its rows. */
  private void shareSampleRows() {
    double[] rows = values.get(SAMPLE);
    int width = shape.sampleFields() * shape.rowWidth();
    for (int i = 1; i < impressions(); i++) {
      if (sampleOfImpression[i] == sampleOfImpression[i - 1]) {
        System.arraycopy(rows, (i - 1) * width, rows, i * width, width);
      }
    }
  }

  IdShape shape() {
    return shape;
  }

  StepContext step() {
    return step;
  }

  int impressions() {
    return sampleOfImpression.length;
  }

  int samples() {
    return offsets.length;
  }

  int sampleOf(int impression) {
    return sampleOfImpression[impression];
  }

  /** Number of the first behaviour of a sample. */
  int firstBehavior(int sample) {
    return offsets[sample];
  }

  /** Number after the last behaviour of a sample. */
  int endBehavior(int sample) {
    return sample + 1 < offsets.length ? offsets[sample + 1] : behaviors;
  }

  /** A parameter, row-major, or an input. */
  double[] get(String name) {
    return values.get(name);
  }

  /** Row of a field: sample fields first, then impression fields; an embedding, then weights. */
  double[] row(int impression, int field) {
    return field < shape.sampleFields()
        ? part(SAMPLE, impression * shape.sampleFields() + field, shape.rowWidth())
        : part(
            IMPRESSION,
            impression * shape.impressionFields() + field - shape.sampleFields(),
            shape.rowWidth());
  }

  double[] embedding(int impression, int field) {
    return Arrays.copyOf(row(impression, field), shape.embeddingWidth());
  }

  /** The weight that counts in a field: a second one where behaviours carry the field. */
  double weight(int impression, int field) {
    boolean carried =
        shape.weightColumns() == 2
            && field < shape.sampleFields()
            && field >= shape.sampleFields() - shape.carriedFields();
    return row(impression, field)[shape.embeddingWidth() + (carried ? 1 : 0)];
  }

  double crossWeight(int impression, int cross) {
    return part(CROSSES, impression * shape.crosses() + cross, shape.rowWidth())[
        shape.embeddingWidth()];
  }

  /** Embeddings of a behaviour's fields side by side. */
  double[] behavior(int number) {
    return part(BEHAVIORS, number, shape.behaviorFields() * shape.rowWidth());
  }

  /** Embeddings of the item that was drawn for a behaviour, its fields' side by side. */
  double[] drawn(int behavior) {
    return part(DRAWN, drawnOfBehavior[behavior], shape.behaviorFields() * shape.rowWidth());
  }

  /** Embeddings of the shown item's same fields side by side. */
  double[] target(int impression) {
    double[] target = new double[shape.behaviorWidth()];
    int next = 0;
    for (int field : shape.targetFields()) {
      double[] embedding = embedding(impression, shape.sampleFields() + field);
      System.arraycopy(embedding, 0, target, next, embedding.length);
      next += embedding.length;
    }
    return target;
  }

  double[] images(int impression) {
    return part(IMAGES, impression, shape.imageWidth());
  }

  private double[] part(String name, int number, int width) {
    return Arrays.copyOfRange(values.get(name), number * width, (number + 1) * width);
  }

  /** All fields' embeddings side by side, then the image path's output. */
  double[] flatInputs(int impression) {
    double[] flat = new double[shape.flatWidth() + shape.imageWidth()];
    int next = 0;
    for (int field = 0; field < shape.fields(); field++) {
      double[] embedding = embedding(impression, field);
      System.arraycopy(embedding, 0, flat, next, embedding.length);
      next += embedding.length;
    }
    System.arraycopy(images(impression), 0, flat, next, shape.imageWidth());
    return flat;
  }

  /** W x + b of a layer of this name. */
  double[] linear(String name, double[] x) {
    double[] weight = get(name + ".weight");
    double[] out = get(name + ".bias").clone();
    for (int o = 0; o < out.length; o++) {
      for (int i = 0; i < x.length; i++) {
        out[o] += weight[o * x.length + i] * x[i];
      }
    }
    return out;
  }

  /** PReLU with the slope of this name. */
  double[] prelu(String name, double[] x) {
    double slope = get(name + ".slope")[0];
    return Arrays.stream(x).map(v -> v > 0 ? v : slope * v).toArray();
  }

  static double[] relu(double[] x) {
    return Arrays.stream(x).map(v -> Math.max(v, 0)).toArray();
  }

  /** Forward in training and gradients agree with the reference. */
  void check(Reference reference) {
    checkForward(reference, true);
    checkGradients(reference);
  }

  /** Scores agree with the reference to 1e-6. */
  void checkForward(Reference reference, boolean training) {
    double[][] logits = logits(training);
    double[][] expected = reference.logits(this);
    for (int i = 0; i < impressions(); i++) {
      for (int c = 0; c < 2; c++) {
        assertThat(logits[i][c])
            .as("impression %d class %d", i, c)
            .isCloseTo(expected[i][c], within(1e-6));
      }
    }
  }

  /** The network's scores, [impressions][2]. */
  double[][] logits(boolean training) {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = tensors(false);
      Tensor logits = forward(tensors, pass(tensors, training));
      assertThat(logits.sizes().vec().get()).containsExactly(impressions(), 2);
      double[] flat = read(logits.contiguous());
      double[][] byImpression = new double[impressions()][];
      Arrays.setAll(byImpression, i -> Arrays.copyOfRange(flat, 2 * i, 2 * i + 2));
      return byImpression;
    }
  }

  private void checkGradients(Reference reference) {
    Map<String, double[]> gradients = gradients();
    for (Map.Entry<String, double[]> entry : gradients.entrySet()) {
      double[] array = values.get(entry.getKey());
      for (int i = 0; i < array.length; i++) {
        double kept = array[i];
        array[i] = kept + STEP;
        double above = loss(reference);
        array[i] = kept - STEP;
        double below = loss(reference);
        array[i] = kept;
        double difference = (above - below) / (2 * STEP);
        assertThat(entry.getValue()[i])
            .as("%s[%d]", entry.getKey(), i)
            .isCloseTo(difference, within(1e-6 + 1e-5 * Math.abs(difference)));
      }
    }
  }

  /** The network's gradients of the sum of all losses, by name. */
  Map<String, double[]> gradients() {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = tensors(true);
      ForwardPass pass = pass(tensors, true);
      Tensor logits = forward(tensors, pass);
      Tensor loss =
          torch.cross_entropy_loss(
              logits,
              AbstractTensor.create(labels, labels.length),
              new TensorOptional(),
              SUM_REDUCTION,
              NO_IGNORED_CLASS,
              0.0);
      (pass.auxiliaryLoss() == null ? loss : loss.add(pass.auxiliaryLoss())).backward();
      tensors.forEach(
          (name, tensor) -> {
            if (tensor.requires_grad()) {
              Tensor gradient = tensor.grad();
              gradients.put(
                  name,
                  gradient.defined()
                      ? read(gradient.contiguous())
                      : new double[values.get(name).length]);
            }
          });
    }
    return gradients;
  }

  private double loss(Reference reference) {
    double sum = reference.auxiliaryLoss(this);
    double[][] logits = reference.logits(this);
    for (int i = 0; i < impressions(); i++) {
      double[] z = logits[i];
      sum -= z[(int) labels[i]] - Math.log(Math.exp(z[0]) + Math.exp(z[1]));
    }
    return sum;
  }

  private ForwardPass pass(Map<String, Tensor> tensors, boolean training) {
    Parameters parameters = new Parameters(tensors);
    return training ? ForwardPass.training(parameters, step) : ForwardPass.inference(parameters);
  }

  /** In the caller's pointer scope. */
  Tensor forward(Map<String, Tensor> tensors, ForwardPass pass) {
    IdInputs inputs =
        new IdInputs(
            shape,
            rows(tensors.get(SAMPLE), shape.sampleFields()),
            rows(tensors.get(IMPRESSION), shape.impressionFields()),
            rows(tensors.get(CROSSES), shape.crosses()),
            shape.behaviorFields() == 0
                ? null
                : new BehaviorRows(
                    behaviorRows(tensors.get(BEHAVIORS)),
                    offsets,
                    sampleOfImpression,
                    drawnItems(tensors.get(DRAWN))));
    Tensor images =
        shape.imageWidth() == 0
            ? null
            : tensors.get(IMAGES).view(impressions(), shape.imageWidth());
    return network.logits(inputs, images, pass);
  }

  /** Null is no behaviour at all. */
  private Tensor behaviorRows(Tensor flat) {
    long width = (long) shape.behaviorFields() * shape.rowWidth();
    return flat == null ? torch.zeros(0, width).to(ScalarType.Double) : flat.view(behaviors, width);
  }

  private DrawnItems drawnItems(Tensor flat) {
    return flat == null ? null : new DrawnItems(flat.view(DRAWN_ITEMS, -1), drawnOfBehavior);
  }

  private Tensor rows(Tensor flat, int fields) {
    return fields == 0 ? null : flat.view(impressions(), fields, shape.rowWidth());
  }

  /** All inputs and parameters by name, in the caller's pointer scope. */
  Map<String, Tensor> tensors(boolean gradients) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : new String[] {SAMPLE, IMPRESSION, CROSSES, BEHAVIORS, DRAWN, IMAGES}) {
      double[] array = values.get(name);
      if (array.length > 0) {
        tensors.put(name, tensor(array, new long[] {array.length}, gradients));
      }
    }
    for (DenseLayout.Entry entry : layout.entries()) {
      boolean learned = gradients && entry.offset() >= statisticCount;
      tensors.put(entry.name(), tensor(values.get(entry.name()), entry.shape(), learned));
    }
    return tensors;
  }

  private static Tensor tensor(double[] array, long[] sizes, boolean gradients) {
    return AbstractTensor.create(array, sizes).set_requires_grad(gradients);
  }

  private static double[] read(Tensor contiguous) {
    double[] out = new double[(int) contiguous.numel()];
    if (out.length > 0) {
      contiguous.data_ptr_double().get(out);
    }
    return out;
  }
}
