package io.dicm.trainer.bench;

import io.dicm.ams.bench.RandomVectors;
import io.dicm.ams.tier.TierRequest;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.model.Bags;
import io.dicm.trainer.model.BehaviorIndices;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkIndices;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.train.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A batch of a plan, at random: every picture is referenced, those beyond once each at random. A
 * sample has a user's ID, the items of its behaviours, pooled, and a shown item. The labels carry
 * nothing.
 */
final class LargeBatch {
  private static final int EMBEDDING_DIMENSION = 12;
  private static final int CODE_DIMENSION = 12;
  private static final double CLICK_RATE = 0.1;

  /** What the batches are for: user, behaviours' items, shown item, which is the query. */
  static final NetworkShape SHAPE =
      new NetworkShape(
          1, 1, 1, 0, List.of(0), EMBEDDING_DIMENSION, CODE_DIMENSION, ImageMode.JOINT);

  private LargeBatch() {}

  /**
   * Makes one.
   *
   * @param number of the batch; another one for each
   */
  static Batch of(LargeStepPlan plan, int number) {
    SplittableRandom random = new SplittableRandom(number);
    int impressions = plan.impressions();
    int[] shown = rows(impressions, plan.shownImages(), random);
    int[] behaviors = rows(impressions * plan.behaviors(), plan.behaviorImages(), random);
    // IDs: users, then items by their pictures, those of behaviours first.
    int items = impressions;
    int shownItems = items + plan.behaviorImages();
    int[] sampleIds = new int[impressions * (1 + plan.behaviors())];
    int[] sampleOffsets = new int[2 * impressions];
    for (int i = 0; i < impressions; i++) {
      int at = i * (1 + plan.behaviors());
      sampleOffsets[2 * i] = at;
      sampleOffsets[2 * i + 1] = at + 1;
      sampleIds[at] = i;
      for (int b = 0; b < plan.behaviors(); b++) {
        sampleIds[at + 1 + b] = items + behaviors[i * plan.behaviors() + b];
      }
    }
    int[] offsets = IntStream.range(0, impressions).toArray();
    return new Batch(
        List.of(),
        keys(plan.behaviorImages(), plan.shownImages()),
        keys(0, plan.behaviorImages()),
        idKeys(shownItems + plan.shownImages()),
        new NetworkIndices(
            impressions,
            offsets,
            new Bags(sampleIds, sampleOffsets),
            new Bags(Arrays.stream(shown).map(row -> shownItems + row).toArray(), offsets),
            new Bags(shown, offsets),
            new Bags(
                behaviors,
                IntStream.range(0, impressions).map(i -> i * plan.behaviors()).toArray()),
            Bags.NONE,
            BehaviorIndices.NONE),
        labels(impressions, random),
        TierRequest.NONE);
  }

  private static int[] rows(int count, int images, SplittableRandom random) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i < images ? i : random.nextInt(images);
    }
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int row = rows[i];
      rows[i] = rows[other];
      rows[other] = row;
    }
    return rows;
  }

  private static long[] keys(int from, int count) {
    return IntStream.range(from, from + count).mapToLong(RandomVectors::key).toArray();
  }

  private static long[] idKeys(int count) {
    return IntStream.range(0, count)
        .mapToLong(i -> Fingerprints.idKey("bench", Integer.toString(i)))
        .toArray();
  }

  private static long[] labels(int count, SplittableRandom random) {
    long[] labels = new long[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextDouble() < CLICK_RATE ? 1 : 0;
    }
    return labels;
  }
}
