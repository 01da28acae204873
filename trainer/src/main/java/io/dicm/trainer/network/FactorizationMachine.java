package io.dicm.trainer.network;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A factorisation machine of second order over the fields (Rendle, ICDM 2010): w_0 + sum_i w_i +
 * sum_{i < j} v_i . v_j. A field's values count as one, their mean: they are not paired with each
 * other.
 *
 * @param name prefix of its parameter w_0; all others lie in the rows
 */
record FactorizationMachine(String name) {
  private static final float HALF = 0.5f;

  void declare(ParameterSet set) {
    set.declare(name + ".bias", new Initial.Constant(0), 1);
  }

  /** The log odds of a click, [impressions, 1]. */
  Tensor logOdds(IdInputs ids, Parameters parameters) {
    Tensor embeddings = ids.embeddings();
    // All pairs of fields at the cost of the fields: half of the sum's square less the squares.
    Tensor pairs =
        torch
            .sum(embeddings, new long[] {1})
            .square()
            .sub(torch.sum(embeddings.square(), new long[] {1}));
    return torch
        .sum(ids.weights(), new long[] {1})
        .add(torch.sum(pairs, new long[] {1}).mul(new Scalar(HALF)))
        .unsqueeze(1)
        .add(parameters.get(name + ".bias"));
  }
}
