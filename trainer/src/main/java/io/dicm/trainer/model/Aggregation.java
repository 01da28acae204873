package io.dicm.trainer.model;

import io.dicm.ams.tier.TierRequest;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.network.IdNetworkKind;
import java.util.Locale;

/**
 * How behaviours' image codes are pooled.
 *
 * @param kind the way
 * @param concatBehaviors behaviours that {@link AggregatorKind#CONCAT} puts side by side, 1 or
 *     more; 0 for all other kinds, which take any number
 * @param tiers of the histograms of cosines, of kinds that count them; 0 for all others, and absent
 *     in the files of older versions
 */
public record Aggregation(AggregatorKind kind, int concatBehaviors, int tiers) {
  /** What training does unless it is told otherwise, and what models of older versions have. */
  public static final Aggregation USUAL = new Aggregation(AggregatorKind.MULTI_QUERY, 0);

  private static final int MOST_CONCATENATED = 1000;
  private static final int USUAL_CONCATENATED = 10;
  private static final int USUAL_TIERS = 8;

  public Aggregation {
    boolean right = kind == AggregatorKind.CONCAT ? concatBehaviors >= 1 : concatBehaviors == 0;
    if (!right) {
      throw new IllegalArgumentException(
          "Behaviors side by side were " + concatBehaviors + " for " + kind);
    }
    boolean counted = tiers >= TierRequest.LEAST_TIERS && tiers <= TierRequest.MOST_TIERS;
    if (kind.countsTiers() ? !counted : tiers != 0) {
      throw new IllegalArgumentException("Tiers were " + tiers + " for " + kind);
    }
  }

  /** Of a kind that counts no tiers. */
  public Aggregation(AggregatorKind kind, int concatBehaviors) {
    this(kind, concatBehaviors, 0);
  }

  /** A kind with its default numbers. */
  public static Aggregation usual(AggregatorKind kind) {
    return new Aggregation(
        kind,
        kind == AggregatorKind.CONCAT ? USUAL_CONCATENATED : 0,
        kind.countsTiers() ? USUAL_TIERS : 0);
  }

  /** What a network pools by unless it is told otherwise. */
  public static Aggregation usual(IdNetworkKind network) {
    return network.hasTowers() ? usual(AggregatorKind.SUM) : USUAL;
  }

  /**
   * The configured one, whatever the place of pictures; where none is configured, that of the
   * configured network.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a value that there is not
   */
  public static Aggregation of(DicmConfiguration conf) {
    AggregatorKind kind =
        conf.text(DicmKeys.MODEL_AGGREGATOR).isEmpty()
            ? usual(conf.choice(DicmKeys.MODEL_NETWORK, IdNetworkKind.class)).kind
            : conf.choice(DicmKeys.MODEL_AGGREGATOR, AggregatorKind.class);
    int behaviors =
        conf.text(DicmKeys.MODEL_CONCAT_BEHAVIORS).isEmpty()
            ? USUAL_CONCATENATED
            : conf.integer(DicmKeys.MODEL_CONCAT_BEHAVIORS, 1, MOST_CONCATENATED);
    int tiers =
        conf.text(DicmKeys.MODEL_SIMTIER_TIERS).isEmpty()
            ? USUAL_TIERS
            : conf.integer(
                DicmKeys.MODEL_SIMTIER_TIERS, TierRequest.LEAST_TIERS, TierRequest.MOST_TIERS);
    return new Aggregation(
        kind, kind == AggregatorKind.CONCAT ? behaviors : 0, kind.countsTiers() ? tiers : 0);
  }

  /** Whether a network can do with this pooling: a user's tower must not see the shown item. */
  public static boolean suits(AggregatorKind kind, IdNetworkKind network) {
    return kind.looksAtBehaviorsAlone() || !network.hasTowers();
  }

  /**
   * Requires that the network can do with it, and that there is something to pool, or that nobody
   * has asked for a special way to.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} naming both keys
   */
  public void requireUseIn(IdNetworkKind network, ImageMode images) {
    if (!suits(kind, network)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s=%s: vectors of users are made before there is an item to look at. Choose sum, max or concat, or leave the aggregator out."
              .formatted(
                  DicmKeys.MODEL_AGGREGATOR, label(kind), DicmKeys.MODEL_NETWORK, network.label()));
    }
    if (!images.poolsBehaviors() && kind != usual(network).kind) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s=%s: no pictures of behaviors enter the model. Leave the aggregator out, or choose behavior or joint."
              .formatted(
                  DicmKeys.MODEL_AGGREGATOR, label(kind), DicmKeys.TRAIN_IMAGES, label(images)));
    }
  }

  /**
   * Requires that no option of another way to pool is set.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} naming both keys
   */
  void requireOwnOptions(DicmConfiguration conf) {
    if (kind != AggregatorKind.CONCAT) {
      refuse(conf, DicmKeys.MODEL_CONCAT_BEHAVIORS, "only concat puts behaviours side by side");
    }
    if (!kind.countsTiers()) {
      refuse(
          conf, DicmKeys.MODEL_SIMTIER_TIERS, "only simtier and multi-query-simtier count tiers");
    }
  }

  private void refuse(DicmConfiguration conf, String key, String because) {
    if (!conf.text(key).isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=%s with %s=%s: %s. Leave it out."
              .formatted(key, conf.text(key), DicmKeys.MODEL_AGGREGATOR, label(kind), because));
    }
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The pooling itself. */
  Aggregator aggregator(NetworkShape shape) {
    return switch (kind) {
      case CONCAT -> new Concatenation(shape.codeDimension(), concatBehaviors);
      case MAX -> new MaxPooling(shape.codeDimension());
      case SUM -> new SumPooling(shape.codeDimension());
      case ATTENTIVE -> new ImageAttention(shape.codeDimension());
      case SIMTIER -> new NoPooling();
      case MULTI_QUERY, MULTI_QUERY_SIMTIER ->
          shape.idQueryWidth() > 0
              ? new MultiQueryAttentivePooling(shape)
              : new ImageAttention(shape.codeDimension());
    };
  }

  /** As a message names it. */
  @Override
  public String toString() {
    if (kind.countsTiers()) {
      return label(kind) + " of " + tiers + " tiers";
    }
    return kind == AggregatorKind.CONCAT ? label(kind) + " of " + concatBehaviors : label(kind);
  }
}
