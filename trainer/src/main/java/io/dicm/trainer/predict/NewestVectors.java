package io.dicm.trainer.predict;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The newest vector of each ID, in memory: some 250 bytes each. Of two of one moment the first one
 * stays. For one thread.
 */
final class NewestVectors {
  private final Map<String, TowerVector> byId = new LinkedHashMap<>();

  void add(TowerVector vector) {
    byId.merge(
        vector.id(),
        vector,
        (there, other) -> other.timestampSeconds() > there.timestampSeconds() ? other : there);
  }

  int size() {
    return byId.size();
  }

  void clear() {
    byId.clear();
  }

  /** In the order in which the IDs came. */
  Collection<TowerVector> inOrder() {
    return byId.values();
  }

  Collection<TowerVector> byId() {
    return new TreeMap<>(byId).values();
  }
}
