package io.dicm.trainer.network;

import java.util.Locale;
import java.util.Set;

/** The ID-side networks, by the names that {@code dicm.model.network} has for them. */
public enum IdNetworkKind {
  /** Logistic regression. */
  LR("logistic regression over IDs and pictures", Reads.WEIGHTS, Reads.CROSSES),
  /** Embedding &amp; MLP, the paper's own. */
  EMBEDDING_MLP("all embeddings side by side into a perceptron (the DICM paper)"),
  /** Factorisation-machine supported neural network. */
  FNN("a perceptron over what a factorisation machine has learned", Reads.WEIGHTS),
  /** Product-based neural network. */
  PNN("products of embeddings, then a perceptron"),
  /** Deep Crossing: residual units. */
  DEEP_CROSSING("residual units over all embeddings"),
  /** Wide &amp; Deep. */
  WIDE_DEEP("weights of IDs and crosses beside a perceptron", Reads.WEIGHTS, Reads.CROSSES),
  /** Deep Interest Network. */
  DIN("behaviours weighed by the shown item", Reads.BEHAVIORS),
  /** Deep Interest Evolution Network. */
  DIEN("behaviours as a sequence that evolves towards the shown item", Reads.BEHAVIORS),
  /** Two towers with an inner product, for pre-ranking. */
  TWO_TOWERS("an inner product of a user's and an item's vector, for pre-ranking");

  private enum Reads {
    WEIGHTS,
    CROSSES,
    BEHAVIORS
  }

  private final String summary;

  // Set.of is immutable; the checker knows types alone.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Reads> reads;

  IdNetworkKind(String summary, Reads... reads) {
    this.summary = summary;
    this.reads = Set.of(reads);
  }

  /** Its name in configuration, such as {@code embedding-mlp}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one of a {@link #label}. */
  public static IdNetworkKind of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** What it is, in a few words. */
  public String summary() {
    return summary;
  }

  /** An ID weighs in as a feature itself, and as one that behaviours carry. */
  private static final int ROLES = 2;

  /** Weights that follow an ID's embedding. */
  public int weightColumns() {
    return reads.contains(Reads.WEIGHTS) ? ROLES : 0;
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
      case FNN -> new FactorizationNetwork(options, shape);
      case PNN -> new ProductNetwork(options, shape);
      case DEEP_CROSSING -> new DeepCrossing(options, shape);
      case WIDE_DEEP -> new WideAndDeep(options, shape);
      case DIN -> new DeepInterestNetwork(options, shape);
      case DIEN -> new DeepInterestEvolutionNetwork(options, shape);
      case TWO_TOWERS -> new TwoTowers(options, shape);
    };
  }
}
