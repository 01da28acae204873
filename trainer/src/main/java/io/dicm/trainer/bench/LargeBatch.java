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
 * A batch of a plan, at random: every picture and ID is referenced, those beyond once each at
 * random. A sample has {@value #FIELDS} fields of one ID each (arXiv 1711.06505, section 6.1), a
 * history whose length goes from half to one and a half of the plan's, and a shown item. The labels
 * carry nothing.
 */
final class LargeBatch {
  /** ID fields: of the user, of the shown item and of the moment. */
  static final int FIELDS = 27;

  private static final int FIELDS_OF_EACH_SIDE = FIELDS / 3;
  private static final int EMBEDDING_DIMENSION = 12;
  private static final int CODE_DIMENSION = 12;
  private static final double CLICK_RATE = 0.1;

  /** What the batches are for; the first field of the item is the query. */
  static final NetworkShape SHAPE =
      new NetworkShape(
          FIELDS_OF_EACH_SIDE,
          0,
          FIELDS_OF_EACH_SIDE,
          FIELDS_OF_EACH_SIDE,
          List.of(0),
          EMBEDDING_DIMENSION,
          CODE_DIMENSION,
          ImageMode.JOINT);

  private final LargeStepPlan plan;
  private final SplittableRandom random;

  private LargeBatch(LargeStepPlan plan, int number) {
    this.plan = plan;
    this.random = new SplittableRandom(number);
  }

  /**
   * Makes one.
   *
   * @param number of the batch; another one for each
   */
  static Batch of(LargeStepPlan plan, int number) {
    return new LargeBatch(plan, number).make();
  }

  private Batch make() {
    int impressions = plan.impressions();
    int[] historyOffsets = historyOffsets();
    int pairs = impressions * plan.behaviors();
    int[] ids = rows(impressions * FIELDS, plan.ids());
    int ofSamples = impressions * FIELDS_OF_EACH_SIDE;
    return new Batch(
        List.of(),
        imageKeys(plan.behaviorImages(), plan.shownImages()),
        imageKeys(0, plan.behaviorImages()),
        idKeys(),
        new NetworkIndices(
            impressions,
            IntStream.range(0, impressions).toArray(),
            singles(Arrays.copyOf(ids, ofSamples)),
            singles(Arrays.copyOfRange(ids, ofSamples, ids.length)),
            singles(rows(impressions, plan.shownImages())),
            new Bags(rows(pairs, plan.behaviorImages()), historyOffsets),
            Bags.NONE,
            BehaviorIndices.NONE),
        labels(),
        TierRequest.NONE);
  }

  /** Where histories begin whose lengths are the plan's on average. */
  private int[] historyOffsets() {
    int[] lengths = new int[plan.impressions()];
    for (int i = 0; i < lengths.length; i++) {
      int apart = i / 2 % (plan.behaviors() / 2 + 1);
      lengths[i] = plan.behaviors() + (i % 2 == 0 ? apart : -apart);
    }
    if (lengths.length % 2 == 1) {
      lengths[lengths.length - 1] = plan.behaviors();
    }
    shuffle(lengths);
    int[] offsets = new int[lengths.length];
    for (int i = 1; i < offsets.length; i++) {
      offsets[i] = offsets[i - 1] + lengths[i - 1];
    }
    return offsets;
  }

  private int[] rows(int count, int tableRows) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i < tableRows ? i : random.nextInt(tableRows);
    }
    shuffle(rows);
    return rows;
  }

  private void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
  }

  private static Bags singles(int[] rows) {
    return new Bags(rows, IntStream.range(0, rows.length).toArray());
  }

  private static long[] imageKeys(int from, int count) {
    return IntStream.range(from, from + count).mapToLong(RandomVectors::key).toArray();
  }

  private long[] idKeys() {
    return IntStream.range(0, plan.ids())
        .mapToLong(i -> Fingerprints.idKey("bench", Integer.toString(i)))
        .toArray();
  }

  private long[] labels() {
    long[] labels = new long[plan.impressions()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextDouble() < CLICK_RATE ? 1 : 0;
    }
    return labels;
  }
}
