package io.dicm.trainer.network;

import io.dicm.common.config.DicmConfiguration;
import java.util.List;

/**
 * The ID-side network and its hyper-parameters; null for what a network does not have.
 *
 * @param kind the network
 * @param hidden widths of its hidden layers
 * @param activation after each hidden layer
 * @param dropout probability that a hidden value is dropped in training
 * @param product the products of a PNN
 * @param attentionHidden widths of the hidden layers that weigh a behaviour
 * @param attentionSoftmax whether behaviours' weights are made to sum up to 1
 * @param auxiliaryWeight share of the auxiliary loss of a DIEN
 */
public record NetworkOptions(
    IdNetworkKind kind,
    List<Integer> hidden,
    Activation activation,
    Double dropout,
    ProductKind product,
    List<Integer> attentionHidden,
    Boolean attentionSoftmax,
    Double auxiliaryWeight) {
  /** What training does unless it is told otherwise, and what models of older versions have. */
  public static final NetworkOptions USUAL = usual(IdNetworkKind.EMBEDDING_MLP);

  public NetworkOptions {
    hidden = hidden == null ? null : List.copyOf(hidden);
    attentionHidden = attentionHidden == null ? null : List.copyOf(attentionHidden);
  }

  /**
   * A network as its paper has it; where a paper leaves something open, docs/models.md says why.
   */
  public static NetworkOptions usual(IdNetworkKind kind) {
    return switch (kind) {
      case LR -> of(kind, null, null, null);
      case EMBEDDING_MLP -> of(kind, List.of(200, 80), Activation.PRELU, 0.0);
      case FNN -> of(kind, List.of(200, 300, 100), Activation.RELU, 0.2);
      case PNN ->
          new NetworkOptions(
              kind,
              List.of(200, 200, 200),
              Activation.RELU,
              0.5,
              ProductKind.INNER,
              null,
              null,
              null);
      case DEEP_CROSSING -> of(kind, List.of(512, 512, 256, 128, 64), null, 0.0);
      case WIDE_DEEP -> of(kind, List.of(1024, 512, 256), Activation.RELU, 0.0);
      case DIN ->
          new NetworkOptions(
              kind, List.of(200, 80), Activation.DICE, 0.0, null, List.of(80, 40), false, null);
      case DIEN ->
          new NetworkOptions(kind, List.of(200, 80), Activation.DICE, 0.0, null, null, null, 1.0);
      case TWO_TOWERS -> of(kind, List.of(200, 10), Activation.PRELU, 0.0);
    };
  }

  private static NetworkOptions of(
      IdNetworkKind kind, List<Integer> hidden, Activation activation, Double dropout) {
    return new NetworkOptions(kind, hidden, activation, dropout, null, null, null, null);
  }

  /**
   * The configured network: what the configuration leaves empty is as in {@link #usual}.
   *
   * @throws io.dicm.common.error.DicmException {@code CONFIGURATION_INVALID} for a value out of its
   *     range, or for an option that the network does not have, naming both keys
   */
  public static NetworkOptions of(DicmConfiguration conf) {
    return new NetworkOptionReader(conf).read();
  }

  /** Weights that follow an ID's embedding. */
  public int weightColumns() {
    return kind.weightColumns();
  }

  /** Whether training has a loss that sets behaviours against items drawn at random. */
  public boolean drawsItems() {
    return auxiliaryWeight != null && auxiliaryWeight > 0;
  }

  HiddenLayers hiddenLayers(String name, int inputs) {
    return new HiddenLayers(name, inputs, hidden, activation, dropout);
  }
}
