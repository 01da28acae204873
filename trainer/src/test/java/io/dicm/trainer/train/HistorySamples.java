package io.dicm.trainer.train;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Samples to measure with: an impression each, of one of many users with a full history of one of
 * many items.
 *
 * @param items different items, a picture each
 * @param behaviors of each sample
 */
public record HistorySamples(int items, int behaviors) {
  private static final long SEED = 1;

  /** A user field, two fields of items that behaviours carry, the first of them the query. */
  public static final NetworkShape SHAPE =
      new NetworkShape(1, 2, 2, 0, List.of(0), 12, 12, ImageMode.JOINT);

  /** The same samples each time. */
  public List<Sample> list(int count) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(sample(i, random));
    }
    return samples;
  }

  private Sample sample(int number, SplittableRandom random) {
    int[] history = random.ints(behaviors, 0, items).toArray();
    long[] images = new long[behaviors];
    long[][] ids = new long[2][behaviors];
    for (int i = 0; i < behaviors; i++) {
      images[i] = imageKey(history[i]);
      for (int field = 0; field < ids.length; field++) {
        ids[field][i] = idKey(field, history[i]);
      }
    }
    int shown = random.nextInt(items);
    long[][] itemKeys = {{idKey(0, shown)}, {idKey(1, shown)}};
    long[][] userKeys = {{Fingerprints.idKey("user", "user" + number)}};
    Impression impression =
        new Impression(
            "impression" + number,
            "item" + shown,
            "",
            number % 2,
            imageKey(shown),
            itemKeys,
            new long[0][]);
    return new Sample(
        "user" + number, number, userKeys, new Behaviors(images, ids), List.of(impression));
  }

  private static long imageKey(int item) {
    return Fingerprints.imageKey("item" + item);
  }

  private static long idKey(int field, int item) {
    return Fingerprints.idKey("field" + field, "item" + item);
  }
}
