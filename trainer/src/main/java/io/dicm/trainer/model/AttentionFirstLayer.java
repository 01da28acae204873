package io.dicm.trainer.model;

import io.dicm.trainer.network.Parameters;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The first linear layer of an attention channel. Of [v ; q] it is W_v v + W_q q: the terms are
 * computed once for each different v and q, and added for each pair elsewhere.
 */
final class AttentionFirstLayer {
  private final String name;
  private final Tensor codes;
  private final Tensor query;
  private final Tensor codeWeight;
  private final Tensor queryWeight;
  private final Tensor ofCodes;
  private final Tensor ofQueries;

  /**
   * Goes forward.
   *
   * @param channel prefix of the parameters
   * @param codes unique behaviour codes, [b, code width]
   * @param query [m, query width]
   */
  AttentionFirstLayer(String channel, Parameters parameters, Tensor codes, Tensor query) {
    this.name = channel + ".0";
    this.codes = codes;
    this.query = query;
    Tensor weight = parameters.get(name + ".weight");
    this.codeWeight = weight.narrow(1, 0, codes.size(1));
    this.queryWeight = weight.narrow(1, codes.size(1), query.size(1));
    this.ofCodes = torch.mm(codes, codeWeight.t());
    this.ofQueries = torch.addmm(parameters.get(name + ".bias"), query, queryWeight.t());
  }

  /** W_v v, [b, 64]. */
  Tensor ofCodes() {
    return ofCodes;
  }

  /** W_q q and the bias, [m, 64]. */
  Tensor ofQueries() {
    return ofQueries;
  }

  /**
   * Goes back.
   *
   * @param gradientOfCodes of {@link #ofCodes}
   * @param gradientOfQueries of {@link #ofQueries}
   * @param pooled gradient of the codes that comes past this layer, [b, code width]
   * @return the codes' whole gradient, the query's, and those of this layer's parameters
   */
  AttentionChannelPass.Gradients backward(
      Tensor gradientOfCodes, Tensor gradientOfQueries, Tensor pooled) {
    TensorVector weight =
        new TensorVector(
            torch.mm(gradientOfCodes.t(), codes), torch.mm(gradientOfQueries.t(), query));
    return new AttentionChannelPass.Gradients(
        torch.addmm(pooled, gradientOfCodes, codeWeight),
        torch.mm(gradientOfQueries, queryWeight),
        Map.of(
            name + ".weight",
            torch.cat(weight, 1),
            name + ".bias",
            torch.sum(gradientOfQueries, 0)));
  }
}
