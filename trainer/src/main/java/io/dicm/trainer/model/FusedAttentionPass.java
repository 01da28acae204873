package io.dicm.trainer.model;

import io.dicm.trainer.cuda.AttentionLayers;
import io.dicm.trainer.cuda.PairTensors;
import io.dicm.trainer.cuda.PairwiseAttention;
import io.dicm.trainer.network.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * The pass by a kernel that goes through all of a pair's layers at once: libtorch multiplies the
 * first layer's two matrices alone. Lives in the pointer scope it was made in.
 */
final class FusedAttentionPass implements AttentionChannelPass {
  private final String name;
  private final PairwiseAttention attention;
  private final PairTensors pairs;
  private final AttentionFirstLayer first;
  private final PairwiseAttention.Tables tables;
  private final AttentionLayers layers;
  private final Tensor pooled;

  /**
   * Goes forward.
   *
   * @param name prefix of the parameters
   * @param codes unique behaviour codes, [b, code width]
   * @param query [m, query width]
   */
  FusedAttentionPass(
      String name,
      Parameters parameters,
      PairwiseAttention attention,
      PairTensors pairs,
      Tensor codes,
      Tensor query) {
    this.name = name;
    this.attention = attention;
    this.pairs = pairs;
    this.first = new AttentionFirstLayer(name, parameters, codes, query);
    this.tables = new PairwiseAttention.Tables(first.ofCodes(), first.ofQueries(), codes);
    this.layers =
        new AttentionLayers(
            parameters.get(name + ".0.slope"),
            parameters.get(name + ".1.weight"),
            parameters.get(name + ".1.bias"),
            parameters.get(name + ".1.slope"),
            parameters.get(name + ".2.weight"),
            parameters.get(name + ".2.bias"));
    this.pooled = attention.forward(pairs, tables, layers).pooled();
  }

  @Override
  public Tensor output() {
    return pooled;
  }

  @Override
  public Gradients backward(Tensor gradient) {
    PairwiseAttention.Gradients back =
        attention.backward(pairs, tables, layers, atTheBeginningOfItsMemory(gradient));
    Gradients ofFirst = first.backward(back.ofCodes(), back.ofQueries(), back.codes());
    Map<String, Tensor> parameters = new LinkedHashMap<>(ofFirst.parameters());
    AttentionLayers ofLayers = back.layers();
    parameters.put(name + ".0.slope", ofLayers.firstSlope());
    parameters.put(name + ".1.weight", ofLayers.secondWeight());
    parameters.put(name + ".1.bias", ofLayers.secondBias());
    parameters.put(name + ".1.slope", ofLayers.secondSlope());
    parameters.put(name + ".2.weight", ofLayers.lastWeight());
    parameters.put(name + ".2.bias", ofLayers.lastBias());
    return new Gradients(ofFirst.codes(), ofFirst.query(), parameters);
  }

  /** A part of one row is contiguous where it is, but not aligned as kernels need it. */
  private static Tensor atTheBeginningOfItsMemory(Tensor gradient) {
    Tensor contiguous = gradient.contiguous();
    return contiguous.storage_offset() == 0 ? contiguous : contiguous.clone();
  }
}
