package io.dicm.trainer.train;

import io.dicm.common.key.Fingerprints;
import io.dicm.common.key.SplitMix64;
import io.dicm.trainer.model.Bags;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws the items that the behaviours of one batch are to be told from. All behaviours share at
 * most {@link #MOST_ITEMS}, so that a batch asks for few embeddings more. What is drawn follows
 * from the samples and a seed: a batch that is made again after a restart has the same. For one
 * thread.
 */
final class ItemDraw {
  /** Drawn for a batch. */
  static final int MOST_ITEMS = 1024;

  /** So many times another one is drawn in place of the behaviour's own. */
  private static final int MOST_DRAWS = 16;

  private static final int UNUSED = -1;

  private final ItemCatalogue catalogue;
  private final DistinctKeys keys;
  private final SplittableRandom random;
  private final BagsBuilder bags = new BagsBuilder();
  private final int[] items;
  private final int[] numbers;
  private int used;

  private ItemDraw(ItemCatalogue catalogue, DistinctKeys keys, int items, long seed) {
    this.catalogue = catalogue;
    this.keys = keys;
    this.random = new SplittableRandom(seed);
    this.items = new int[items];
    Arrays.setAll(this.items, i -> catalogue.draw(random));
    this.numbers = new int[items];
    Arrays.fill(numbers, UNUSED);
  }

  /**
   * What was drawn for a batch.
   *
   * @param ids rows of IDs, a bag a behaviour field, item after item
   * @param ofBehavior the number of each behaviour's item, [behaviors]; 0 for a history's first,
   *     which no other leads to
   */
  record Drawn(Bags ids, int[] ofBehavior) {}

  /**
   * Draws.
   *
   * @param catalogue not empty
   * @param samples with behaviours
   * @param keys of the batch, to which those of the items are added
   * @param seed another one draws others
   */
  static Drawn draw(ItemCatalogue catalogue, List<Sample> samples, DistinctKeys keys, long seed) {
    int behaviors = 0;
    long mixed = seed;
    for (Sample sample : samples) {
      behaviors += count(sample);
      mixed = SplitMix64.mix(mixed + sample.userId().hashCode());
      mixed = SplitMix64.mix(mixed + sample.timestampSeconds());
    }
    return new ItemDraw(catalogue, keys, Math.min(behaviors, MOST_ITEMS), mixed)
        .draw(samples, behaviors);
  }

  private static int count(Sample sample) {
    return sample.behaviors().idKeys()[0].length;
  }

  private Drawn draw(List<Sample> samples, int behaviors) {
    int[] ofBehavior = new int[behaviors];
    int next = 0;
    for (Sample sample : samples) {
      int count = count(sample);
      for (int t = 0; t < count; t++) {
        ofBehavior[next++] = t == 0 ? 0 : numberOf(another(sample.behaviors(), t));
      }
    }
    return new Drawn(bags.build(), ofBehavior);
  }

  /** Where all that were drawn look like the behaviour itself, it is one of those in the end. */
  private int another(Behaviors behaviors, int t) {
    int place = random.nextInt(items.length);
    for (int draws = 1; draws < MOST_DRAWS && isItem(items[place], behaviors, t); draws++) {
      place = random.nextInt(items.length);
    }
    return place;
  }

  private boolean isItem(int item, Behaviors behaviors, int t) {
    long[] itemKeys = catalogue.item(item).keys();
    for (int field = 0; field < itemKeys.length; field++) {
      if (behaviors.idKeys()[field][t] != itemKeys[field]) {
        return false;
      }
    }
    return true;
  }

  /** Only what is used is asked for. */
  private int numberOf(int place) {
    if (numbers[place] == UNUSED) {
      numbers[place] = used++;
      for (long key : catalogue.item(items[place]).keys()) {
        bags.beginBag();
        if (key != Fingerprints.NONE) {
          bags.add(keys.numberOf(key));
        }
      }
    }
    return numbers[place];
  }
}
