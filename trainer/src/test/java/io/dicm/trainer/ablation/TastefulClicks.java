package io.dicm.trainer.ablation;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A seeded log in which users like to click more or less, and items are liked for what the first
 * four values of their pictures' vectors say. Test items are others than those in training, and all
 * items have one ID, so nothing but pictures tells them apart.
 */
final class TastefulClicks {
  static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true)),
          "test");

  /** Items of each split, which have a picture each. */
  static final int ITEMS = 400;

  private static final int DIMENSION = 16;
  private static final int TELLING = 4;
  private static final int USERS = 50;
  private static final int TRAIN_IMPRESSIONS = 10;
  private static final int TEST_IMPRESSIONS = 4;
  private static final double LIKING = 1.5;

  private final Random random;
  private final Map<String, float[]> vectors = new HashMap<>();
  private final double[] biases;
  private final List<Sample> train;
  private final List<Sample> test;

  TastefulClicks(long seed) {
    this.random = new Random(seed);
    this.biases = random.doubles(USERS, -1.5, 1.5).toArray();
    for (int item = 0; item < 2 * ITEMS; item++) {
      float[] vector = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        vector[d] = (float) random.nextGaussian();
      }
      vectors.put(picture(item), vector);
    }
    this.train = samples(0, TRAIN_IMPRESSIONS);
    this.test = samples(ITEMS, TEST_IMPRESSIONS);
  }

  MemorySnapshot pictures() {
    return new MemorySnapshot(DIMENSION, vectors);
  }

  List<Sample> train() {
    return train;
  }

  List<Sample> test() {
    return test;
  }

  private static String picture(int item) {
    return "picture" + item;
  }

  private List<Sample> samples(int firstItem, int impressionsOfItem) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < ITEMS * impressionsOfItem; i++) {
      samples.add(sample(i, firstItem + i % ITEMS));
    }
    return samples;
  }

  private Sample sample(int number, int item) {
    int user = random.nextInt(USERS);
    double logit = biases[user];
    for (int d = 0; d < TELLING; d++) {
      logit += LIKING * vectors.get(picture(item))[d] / Math.sqrt(TELLING);
    }
    int label = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
    long onlyItem = Fingerprints.idKey("item_id", "only");
    return new Sample(
        "user" + user,
        number,
        new long[][] {{Fingerprints.idKey("user_id", "user" + user)}},
        new Behaviors(
            new long[] {Fingerprints.imageKey(picture(random.nextInt(ITEMS)))},
            new long[][] {{onlyItem}}),
        List.of(
            new Impression(
                number + "/" + item,
                "only",
                "",
                label,
                Fingerprints.imageKey(picture(item)),
                new long[][] {{onlyItem}},
                new long[0][])));
  }
}
