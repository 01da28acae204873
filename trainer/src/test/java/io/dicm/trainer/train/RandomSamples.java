package io.dicm.trainer.train;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Seeded samples of a shape with everything that real ones have: missing pictures, users without
 * behaviours, fields without or with several values, several impressions a moment, repeated keys.
 */
public final class RandomSamples {
  private static final int KEYS_A_FIELD = 9;
  private static final int MAX_BEHAVIORS = 6;

  private final NetworkShape shape;
  private final SplittableRandom random;

  public RandomSamples(NetworkShape shape, long seed) {
    this.shape = shape;
    this.random = new SplittableRandom(seed);
  }

  public List<Sample> list(int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      samples.add(sample(i));
    }
    return samples;
  }

  private Sample sample(int number) {
    List<Impression> impressions = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      impressions.add(impression(number + "/" + i));
    }
    return new Sample(
        "user" + number, number, fields("user", shape.userFields()), behaviors(), impressions);
  }

  private Behaviors behaviors() {
    int count = random.nextInt(MAX_BEHAVIORS + 1);
    long[] images = LongStream.generate(this::imageKey).limit(count).toArray();
    long[][] ids = new long[shape.behaviorFields()][];
    for (int field = 0; field < ids.length; field++) {
      String name = "behavior" + field;
      ids[field] = LongStream.generate(() -> idKey(name)).limit(count).toArray();
    }
    return new Behaviors(images, ids);
  }

  private Impression impression(String id) {
    return new Impression(
        id,
        "item" + id,
        "category",
        random.nextInt(2),
        imageKey(),
        fields("item", shape.itemFields()),
        fields("context", shape.contextFields()));
  }

  private long[][] fields(String side, int count) {
    long[][] values = new long[count][];
    for (int field = 0; field < count; field++) {
      String name = side + field;
      values[field] = LongStream.generate(() -> idKey(name)).limit(random.nextInt(4)).toArray();
    }
    return values;
  }

  private long imageKey() {
    int image = random.nextInt(KEYS_A_FIELD);
    return image == 0 ? Fingerprints.NONE : Fingerprints.imageKey("image" + image);
  }

  private long idKey(String field) {
    int value = random.nextInt(KEYS_A_FIELD);
    return value == 0 ? Fingerprints.NONE : Fingerprints.idKey(field, "value" + value);
  }
}
