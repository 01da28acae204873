package io.dicm.ams.embedding;

import io.dicm.ams.optimizer.OptimizerState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Map.Entry;

/**
 * What {@link EmbeddingTable} says it does, done with a map, at once and without thought of memory;
 * for tests.
 */
final class PlainTable {
  private final long seed;
  private final ByColumns optimizers;
  private final float l2;
  private final EmbeddingOptions options;
  private final Map<Long, Id> ids = new HashMap<>();

  /** One ID; trained when it has a state. */
  static final class Id {
    long lastStep;
    int references;
    int updates;
    OptimizerState state;

    IdHistory history() {
      return new IdHistory(lastStep, references, updates);
    }
  }

  PlainTable(ByColumns optimizers, long seed, float l2, EmbeddingOptions options) {
    this.seed = seed;
    this.optimizers = optimizers;
    this.l2 = l2;
    this.options = options;
  }

  float[] ask(long step, long key) {
    Id id = ids.computeIfAbsent(key, absent -> new Id());
    if (id.references == 0 || id.lastStep < step) {
      id.references++;
    }
    id.lastStep = step;
    float[] initial = new float[optimizers.columns().width()];
    new InitialValues(seed, optimizers.columns()).fill(key, initial, 0);
    if (id.state == null && id.references >= options.admissionCount()) {
      id.state = optimizers.startingAt(initial.clone());
    }
    return id.state == null ? initial : id.state.values().clone();
  }

  void update(long key, float[] gradient, float embeddingRate, float weightRate) {
    Id id = ids.get(key);
    if (id.state != null) {
      id.updates++;
      float[] all = gradient.clone();
      for (int i = 0; i < optimizers.columns().embedding(); i++) {
        all[i] += l2 / id.updates * id.state.values()[i];
      }
      int embedding = optimizers.columns().embedding();
      int weights = optimizers.columns().weights();
      optimizers.embedding().update(id.state, 0, embedding, all, 0, id.updates, embeddingRate);
      optimizers
          .weights()
          .update(id.state, embedding, weights, all, embedding, id.updates, weightRate);
    }
  }

  /** Removes what is too old in the step to come. */
  void stepFinished(long steps) {
    if (options.expirySteps() == 0) {
      return;
    }
    long byAge = steps - options.expirySteps();
    long[] lastSteps =
        ids.values().stream()
            .filter(id -> id.state != null)
            .mapToLong(id -> id.lastStep)
            .sorted()
            .toArray();
    long ofRows = byAge;
    if (options.floorRows() > 0) {
      int kept = lastSteps.length - (int) options.floorRows();
      ofRows = Math.min(byAge, kept < 0 ? 0 : lastSteps[kept]);
    }
    long firstOfRows = ofRows;
    ids.values().removeIf(id -> id.lastStep < (id.state == null ? byAge : firstOfRows));
  }

  /** All that there is to know, in words that can be compared. */
  Map<Long, String> contents() {
    Map<Long, String> contents = new HashMap<>();
    for (Entry<Long, Id> entry : ids.entrySet()) {
      Id id = entry.getValue();
      contents.put(
          entry.getKey(), id.state == null ? words(id.history()) : words(id.history(), id.state));
    }
    return contents;
  }

  static String words(IdHistory history) {
    return history + " candidate";
  }

  static String words(IdHistory history, OptimizerState state) {
    return history + " " + Arrays.toString(state.values()) + Arrays.deepToString(state.slots());
  }
}
