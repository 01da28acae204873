package io.dicm.feature.bench;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.empty;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * VGG16 up to FC6 as libtorch alone computes it, float32: tensors that are in memory and in the
 * right layout already, no pictures, no vectors on the Java side. Weights are random, which takes
 * as long. Independent of the encoder that is measured against it. For one thread.
 */
public final class PlainVgg16 implements AutoCloseable {
  private static final int SIDE = 224;
  private static final int[][] BLOCKS = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };
  private static final int FLAT = 512 * 7 * 7;
  private static final int OUTPUTS = 4096;
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};
  private static final long[] POOL = {2, 2};

  private final MeasuredExtraction plan;
  private final List<Tensor> weights = new ArrayList<>();
  private final List<Tensor> biases = new ArrayList<>();
  private final Tensor pictures;

  /** Makes the weights and a batch. */
  public PlainVgg16(MeasuredExtraction plan) {
    this.plan = plan;
    set_num_threads(plan.threads());
    try (NoGradGuard noGradients = new NoGradGuard()) {
      int inputs = 3;
      for (int[] block : BLOCKS) {
        for (int outputs : block) {
          addLayer(new long[] {outputs, inputs, 3, 3}, 9 * inputs);
          inputs = outputs;
        }
      }
      addLayer(new long[] {OUTPUTS, FLAT}, FLAT);
      pictures = uniform(new long[] {plan.batchSize(), 3, SIDE, SIDE}, 2);
    }
  }

  /** Multiplications and additions of a picture's forward pass. */
  public static double operationsPerPicture() {
    double multiplications = (double) FLAT * OUTPUTS;
    int side = SIDE;
    int inputs = 3;
    for (int[] block : BLOCKS) {
      for (int outputs : block) {
        multiplications += 9.0 * side * side * inputs * outputs;
        inputs = outputs;
      }
      side /= 2;
    }
    return 2 * multiplications;
  }

  /** Measures whole batches, as many as the plan's pictures fill. */
  public ExtractRate measure() {
    compute(batches(plan.warmUpPictures()));
    int batches = batches(plan.pictures());
    long start = System.nanoTime();
    compute(batches);
    double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    return new ExtractRate((long) batches * plan.batchSize(), 0, seconds, seconds, 0, 0, 0);
  }

  @Override
  public void close() {
    weights.forEach(Tensor::close);
    biases.forEach(Tensor::close);
    pictures.close();
  }

  private int batches(int count) {
    return (count + plan.batchSize() - 1) / plan.batchSize();
  }

  private void compute(int batches) {
    for (int i = 0; i < batches; i++) {
      try (PointerScope scope = new PointerScope();
          NoGradGuard noGradients = new NoGradGuard()) {
        if (forward().size(1) != OUTPUTS) {
          throw new IllegalStateException("FC6 has another length");
        }
      }
    }
  }

  private Tensor forward() {
    Tensor x = pictures;
    int layer = 0;
    for (int[] block : BLOCKS) {
      // Each block's activations go before the next one's come, as in any loop over layers.
      try (PointerScope scope = new PointerScope()) {
        boolean isFirst = layer == 0;
        Tensor h = x;
        for (int i = 0; i < block.length; i++) {
          h = conv2d(h, weights.get(layer), bias(layer), ONE, ONE, ONE, 1).relu_();
          layer++;
        }
        h = max_pool2d(h, POOL, POOL, NONE, ONE, false).retainReference();
        if (!isFirst) {
          x.close();
        }
        x = h;
      }
    }
    try (Tensor last = x) {
      Tensor flat = last.reshape(last.size(0), FLAT);
      return linear(flat, weights.get(layer), bias(layer)).relu_();
    }
  }

  private TensorOptional bias(int layer) {
    return new TensorOptional(biases.get(layer));
  }

  private void addLayer(long[] shape, int fanIn) {
    weights.add(uniform(shape, Math.sqrt(6.0 / fanIn)));
    biases.add(uniform(new long[] {shape[0]}, 0.01));
  }

  /** Values in [-bound, bound); of four dimensions, channels last. */
  private static Tensor uniform(long[] shape, double bound) {
    try (PointerScope scope = new PointerScope()) {
      Tensor values = empty(shape).uniform_(-bound, bound, new GeneratorOptional());
      boolean picture = shape.length == 4;
      return (picture ? values.contiguous(MemoryFormat.ChannelsLast) : values).retainReference();
    }
  }
}
