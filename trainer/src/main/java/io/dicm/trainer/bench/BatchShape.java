package io.dicm.trainer.bench;

import io.dicm.trainer.train.Batch;
import java.util.List;

/**
 * What batches refer to, on average.
 *
 * @param references references to behaviour pictures
 * @param different different pictures shown, and different pictures of behaviours
 */
record BatchShape(double references, double different) {
  static BatchShape of(List<Batch> batches) {
    return new BatchShape(
        batches.stream()
            .mapToInt(batch -> batch.indices().behaviorImages().rows().length)
            .average()
            .orElse(0),
        batches.stream()
            .mapToInt(batch -> batch.adImageKeys().length + batch.behaviorImageKeys().length)
            .average()
            .orElse(0));
  }
}
