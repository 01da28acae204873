package io.dicm.trainer.bench;

import io.dicm.ams.bench.RandomVectors;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.EpochSource;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Users and items without meaning, for measuring alone: every sample is one impression of a user
 * who clicked on some of the pictures before, popular ones more often. Immutable.
 *
 * @param images number of pictures, one for each item
 * @param dimension length of a picture's vector
 * @param users number of users
 * @param behaviors pictures that each user clicked on
 * @param impressions of one epoch
 */
public record GeneratedData(int images, int dimension, int users, int behaviors, long impressions)
    implements TrainingData {
  /** About what one sample takes in a file: each key and what goes with it. */
  private static final int BYTES_PER_KEY = 9;

  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true)),
          "generated for a benchmark");

  /** Of the size of the public poster data: 3,569 pictures, 89,730 ratings, 30 behaviours. */
  public static GeneratedData posters() {
    return new GeneratedData(3_569, 4_096, 610, 30, 71_000);
  }

  @Override
  public String description() {
    return "generated: "
        + images
        + " pictures, "
        + users
        + " users with "
        + behaviors
        + " behaviours, "
        + impressions
        + " impressions";
  }

  @Override
  public FeatureSchema schema() {
    return SCHEMA;
  }

  @Override
  public FeatureSnapshot vectors() {
    return new RandomVectors(images, dimension);
  }

  @Override
  public long sampleBytes() {
    return impressions * BYTES_PER_KEY * (2L * behaviors + 4);
  }

  @Override
  public EpochSource samples(int worker, int workers) {
    long share = impressions * (worker + 1) / workers - impressions * worker / workers;
    return epoch -> new RandomSource(share, new SplittableRandom(31L * epoch + worker));
  }

  private final class RandomSource implements SampleSource {
    private final SplittableRandom random;
    private long left;

    private RandomSource(long count, SplittableRandom random) {
      this.left = count;
      this.random = random;
    }

    @Override
    public Sample next() {
      return left-- > 0 ? sample() : null;
    }

    private Sample sample() {
      int user = random.nextInt(users);
      long[] pictures = new long[behaviors];
      long[] items = new long[behaviors];
      // A user's own, so that samples of one user share them.
      SplittableRandom taste = new SplittableRandom(user);
      for (int i = 0; i < behaviors; i++) {
        int item = popular(taste);
        pictures[i] = RandomVectors.key(item);
        items[i] = Fingerprints.idKey("item_id", "" + item);
      }
      int shown = popular(random);
      Impression impression =
          new Impression(
              Long.toString(left),
              "" + shown,
              "",
              random.nextInt(2),
              RandomVectors.key(shown),
              new long[][] {{Fingerprints.idKey("item_id", "" + shown)}},
              new long[0][]);
      return new Sample(
          "user" + user,
          left,
          new long[][] {{Fingerprints.idKey("user_id", "" + user)}},
          new Behaviors(pictures, new long[][] {items}),
          List.of(impression));
    }

    /** The smaller number of two is drawn: half of all clicks are on 29 % of the items. */
    private int popular(SplittableRandom from) {
      return Math.min(from.nextInt(images), from.nextInt(images));
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
