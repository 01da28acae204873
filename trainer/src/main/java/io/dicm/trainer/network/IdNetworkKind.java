package io.dicm.trainer.network;

import java.util.Locale;

/** The ID-side networks, by the names that {@code dicm.model.network} has for them. */
public enum IdNetworkKind {
  /** Logistic regression. */
  LR(Reads.WEIGHTS, Reads.CROSSES),
  /** Embedding &amp; MLP, the paper's own. */
  EMBEDDING_MLP(),
  /** Factorisation-machine supported neural network. */
  FNN(Reads.WEIGHTS),
  /** Product-based neural network. */
  PNN(),
  /** Deep Crossing: residual units. */
  DEEP_CROSSING(),
  /** Wide &amp; Deep. */
  WIDE_DEEP(Reads.WEIGHTS, Reads.CROSSES),
  /** Deep Interest Network. */
  DIN(Reads.BEHAVIORS),
  /** Deep Interest Evolution Network. */
  DIEN(Reads.BEHAVIORS),
  /** Two towers with an inner product, for pre-ranking. */
  TWO_TOWERS();

  private enum Reads {
    WEIGHTS,
    CROSSES,
    BEHAVIORS
  }

  private final java.util.Set<Reads> reads;

  IdNetworkKind(Reads... reads) {
    this.reads = java.util.Set.of(reads);
  }

  /** Its name in configuration, such as {@code embedding-mlp}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Weights that follow an ID's embedding. */
  public int weightColumns() {
    return reads.contains(Reads.WEIGHTS) ? 1 : 0;
  }

  /** Whether pairs of features have weights of their own. */
  public boolean readsCrosses() {
    return reads.contains(Reads.CROSSES);
  }

  /** Whether a part of the training trains what the embeddings begin as. */
  public boolean hasPretraining() {
    return this == FNN;
  }

  /** Whether behaviours are read one by one instead of pooled. */
  public boolean readsBehaviors() {
    return reads.contains(Reads.BEHAVIORS);
  }

  /** Whether it is a {@link TowerNetwork}. */
  public boolean hasTowers() {
    return this == TWO_TOWERS;
  }

  /** The network of these options. */
  public static IdNetwork network(NetworkOptions options, IdShape shape) {
    return switch (options.kind()) {
      case LR -> new LogisticRegression(shape);
      case EMBEDDING_MLP -> new EmbeddingMlp(options, shape);
      case TWO_TOWERS -> new TwoTowers(options, shape);
      default -> throw new UnsupportedOperationException(options.kind().label());
    };
  }
}
