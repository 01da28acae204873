package io.dicm.trainer.model;

import io.dicm.trainer.network.ParameterSet;
import io.dicm.trainer.network.Parameters;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** Pools the image codes of an impression's behaviours into one vector of fixed width. */
interface Aggregator {
  /** Width of the pooled vector. */
  int outputWidth();

  /** Declares the parameters. */
  void declare(ParameterSet set);

  /**
   * One pass.
   *
   * @param behaviors the codes and which impression uses which
   * @param queries what the impressions' items look like and are
   * @return [impressions, {@link #outputWidth()}]
   */
  Tensor aggregate(BehaviorCodes behaviors, Queries queries, Parameters parameters);

  /**
   * The same pass for training, with derivatives by hand; needs no automatic differentiation. The
   * tensors are float32.
   */
  Pass begin(BehaviorCodes behaviors, Queries queries, Parameters parameters);

  /**
   * The weights that it gives the behaviours in {@link #aggregate}; none for an aggregator without
   * attention.
   */
  default List<Weights> attention(BehaviorCodes behaviors, Queries queries, Parameters parameters) {
    return List.of();
  }

  /**
   * One attention channel.
   *
   * @param query as in {@link AttentionChannel}
   * @param weights [r]
   */
  record Weights(String query, Tensor weights) {}

  /**
   * The behaviours of a batch.
   *
   * @param codes unique behaviour codes, [b, code dimension]
   * @param indices which impression uses which of {@code codes}, r entries in all
   */
  record BehaviorCodes(Tensor codes, PreparedIndices indices) {
    /** Rows of the codes, a bag an impression. */
    TensorBags bags() {
      return indices.bags(indices.indices().behaviorImages());
    }

    /** The derivatives of poolings over {@link #bags}. */
    BagGradients gradients() {
      return indices.gradients(indices.indices().behaviorImages(), (int) codes.size(0));
    }

    /** Channels of attention over them, for training. */
    AttentionChannels attention() {
      return indices.kernels().channels(indices, codes);
    }
  }

  /**
   * What attention may ask with.
   *
   * @param image codes of the shown items' pictures, [impressions, code dimension], or null when
   *     nothing in the network needs them
   * @param id concatenated embeddings of the query fields, [impressions, query width], or null when
   *     no field is part of the query
   */
  record Queries(Tensor image, Tensor id) {
    /** Of a pooling that nothing is asked of. */
    static final Queries NONE = new Queries(null, null);
  }

  /** A forward pass that can go back once. */
  interface Pass {
    /** [impressions, {@link #outputWidth()}]. */
    Tensor output();

    /**
     * Goes back.
     *
     * @param gradient of {@link #output()}, of its shape
     */
    Gradients backward(Tensor gradient);
  }

  /**
   * What a pass gives back.
   *
   * @param codes of the unique behaviour codes
   * @param queries of both queries, null where that query is
   * @param parameters of every parameter, by name
   */
  record Gradients(Tensor codes, Queries queries, Map<String, Tensor> parameters) {}
}
