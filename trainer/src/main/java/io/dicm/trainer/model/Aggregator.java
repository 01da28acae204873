package io.dicm.trainer.model;

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
   * The behaviours of a batch.
   *
   * @param codes unique behaviour codes, [b, code dimension]
   * @param bags rows of {@code codes}, a bag an impression
   * @param impressionOfRow the impression of each entry of the bags, [r]
   */
  record BehaviorCodes(Tensor codes, TensorBags bags, Tensor impressionOfRow) {}

  /**
   * What attention may ask with.
   *
   * @param image codes of the shown items' pictures, [impressions, code dimension]
   * @param id concatenated embeddings of the query fields, [impressions, query width], or null when
   *     no field is part of the query
   */
  record Queries(Tensor image, Tensor id) {}
}
