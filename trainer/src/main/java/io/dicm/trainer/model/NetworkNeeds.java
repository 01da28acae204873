package io.dicm.trainer.model;

import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;

/** What networks need of {@code features.json}. */
public final class NetworkNeeds {
  private NetworkNeeds() {}

  /**
   * Whether the features have what the network reads without pictures: else such a training is
   * refused.
   */
  public static boolean areMet(IdNetworkKind kind, FeatureSchema schema) {
    if (kind.hasTowers()) {
      boolean users =
          schema.fields().stream()
              .anyMatch(field -> field.side() != FeatureSide.ITEM || field.behavior());
      return users && !schema.itemFields().isEmpty();
    }
    return !kind.readsBehaviors() || !schema.behaviorFields().isEmpty();
  }
}
