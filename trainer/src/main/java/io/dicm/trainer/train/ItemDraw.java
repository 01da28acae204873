package io.dicm.trainer.train;

import io.dicm.common.key.Fingerprints;
import io.dicm.common.key.SplitMix64;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws the items that the behaviours of one batch are to be told from. All behaviours share at
 * most {@link #MOST_ITEMS}, so that a batch asks for few embeddings more; each gets one of those
 * that are not what it is itself. What is drawn follows from the samples alone: a batch that is
 * made again after a restart has the same. For one thread.
 */
final class ItemDraw {
  /** Drawn for a batch. */
  static final int MOST_ITEMS = 1024;

  /** So many times another one is drawn in place of the behaviour itself. */
  private static final int MOST_DRAWS = 16;

  private final ItemCatalogue catalogue;
  private final List<Sample> samples;
  private final SplittableRandom random;
  private final BagsBuilder ids = new BagsBuilder();

  /**
   * @param catalogue not empty
   */
  ItemDraw(ItemCatalogue catalogue, List<Sample> samples) {
    this.catalogue = catalogue;
    this.samples = samples;
    this.random = new SplittableRandom(seed(samples));
  }

  private static long seed(List<Sample> samples) {
    long seed = 0;
    for (Sample sample : samples) {
      seed = SplitMix64.mix(seed + sample.userId().hashCode());
      seed = SplitMix64.mix(seed + sample.timestampSeconds());
    }
    return seed;
  }

  /**
   * Draws.
   *
   * @param behaviors of all samples
   * @param fields that behaviours carry
   * @param keys of the batch, to which those of the items are added
   * @return for each behaviour the number of its item
   */
  int[] draw(int behaviors, int fields, DistinctKeys keys) {
    int[] items = new int[Math.min(behaviors, MOST_ITEMS)];
    for (int i = 0; i < items.length; i++) {
      items[i] = random.nextInt(catalogue.size());
      for (int field = 0; field < fields; field++) {
        ids.beginBag();
        long key = catalogue.key(items[i], field);
        if (key != Fingerprints.NONE) {
          ids.add(keys.numberOf(key));
        }
      }
    }
    int[] drawn = new int[behaviors];
    int next = 0;
    for (Sample sample : samples) {
      int count = sample.behaviors().imageKeys().length;
      for (int t = 0; t < count; t++) {
        drawn[next++] = another(items, sample.behaviors(), t);
      }
    }
    return drawn;
  }

  /** In a catalogue of one item it may be the same in the end. */
  private int another(int[] items, Behaviors behaviors, int t) {
    int drawn = random.nextInt(items.length);
    for (int draws = 1; draws < MOST_DRAWS && isItem(items[drawn], behaviors, t); draws++) {
      drawn = random.nextInt(items.length);
    }
    return drawn;
  }

  private boolean isItem(int item, Behaviors behaviors, int t) {
    for (int field = 0; field < behaviors.idKeys().length; field++) {
      if (behaviors.idKeys()[field][t] != catalogue.key(item, field)) {
        return false;
      }
    }
    return true;
  }

  /** The items' rows of IDs, a bag a field, item after item; after {@link #draw}. */
  BagsBuilder ids() {
    return ids;
  }
}
