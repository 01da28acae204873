package io.dicm.trainer.cuda;

import io.dicm.feature.device.ComputeDevice;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/** What a kernel computes, on the processor by {@link ReferenceAttention}'s loops. */
public final class LoopedAttention implements PairwiseAttention {
  private static final ComputeDevice PROCESSOR = ComputeDevice.PROCESSOR;

  private int passes;

  /** Passes so far, forward and back. */
  public int passes() {
    return passes;
  }

  @Override
  public Output forward(PairTensors pairs, Tables tables, AttentionLayers layers) {
    passes++;
    ReferenceAttention.Result result = given(pairs, tables, layers).run();
    return new Output(list(result.weights), table(result.pooled));
  }

  @Override
  public Gradients backward(
      PairTensors pairs, Tables tables, AttentionLayers layers, Tensor gradient) {
    passes++;
    if (!gradient.is_contiguous() || gradient.storage_offset() != 0) {
      throw new IllegalArgumentException("A gradient was a part of something");
    }
    ReferenceAttention given = given(pairs, tables, layers);
    fill(given.ofOutput, gradient);
    ReferenceAttention.Result result = given.run();
    return new Gradients(
        table(result.ofCodes),
        table(result.ofQueries),
        table(result.codes),
        new AttentionLayers(
            list(result.firstSlope),
            table(result.w1),
            list(result.b1),
            list(result.secondSlope),
            table(result.w2),
            list(result.b2)));
  }

  private static ReferenceAttention given(
      PairTensors pairs, Tables tables, AttentionLayers layers) {
    PairIndex index = pairs.index();
    ReferenceAttention given =
        new ReferenceAttention(
            index.behaviorOfPair(),
            Arrays.copyOf(index.offsets(), index.impressions()),
            index.behaviors(),
            (int) tables.codes().size(1),
            new Random(1));
    fill(given.ofCodes, tables.ofCodes());
    fill(given.ofQueries, tables.ofQueries());
    fill(given.codes, tables.codes());
    fill(given.w1, layers.secondWeight());
    fill(new double[][] {given.b1}, layers.secondBias());
    fill(new double[][] {given.w2}, layers.lastWeight());
    fill(new double[][] {given.b2}, layers.lastBias());
    fill(new double[][] {given.firstSlope}, layers.firstSlope());
    fill(new double[][] {given.secondSlope}, layers.secondSlope());
    return given;
  }

  private static void fill(double[][] rows, Tensor tensor) {
    float[] values = PROCESSOR.read(tensor);
    int at = 0;
    for (double[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        row[i] = values[at++];
      }
    }
    if (at != values.length) {
      throw new IllegalArgumentException("Values were " + values.length + ", needed " + at);
    }
  }

  private static Tensor list(double[] values) {
    return PROCESSOR.of(floats(values), values.length);
  }

  private static Tensor table(double[]... rows) {
    return PROCESSOR.of(
        floats(Stream.of(rows).flatMapToDouble(Arrays::stream).toArray()),
        rows.length,
        rows[0].length);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Override
  public void close() {}
}
