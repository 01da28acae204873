package io.dicm.trainer.train;

import io.dicm.ams.tier.TierRequest;
import io.dicm.ams.tier.TierRequestBuilder;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.model.Bags;
import io.dicm.trainer.model.BehaviorIndices;
import io.dicm.trainer.model.FeatureCross;
import io.dicm.trainer.model.NetworkIndices;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import java.util.Arrays;
import java.util.List;

/**
 * Makes batches of samples: keys that occur several times in a batch are asked for once (in-batch
 * de-duplication), ragged lists are laid end to end. Immutable and safe for use by many threads.
 */
public final class BatchAssembler {
  private final NetworkShape shape;
  private final boolean readsIds;
  private final ItemCatalogue catalogue;
  private final long drawSeed;

  /**
   * Makes batches to be scored, or to train a network that draws no items.
   *
   * @param shape the network that the batches are for; keys it has no use for are left out
   */
  public BatchAssembler(NetworkShape shape) {
    this(shape, ItemCatalogue.EMPTY, 0);
  }

  /**
   * Makes batches to train with.
   *
   * @param shape the network that the batches are for; keys it has no use for are left out
   * @param catalogue where a network draws items that draws any; empty: none are drawn
   * @param drawSeed another one draws others
   */
  public BatchAssembler(NetworkShape shape, ItemCatalogue catalogue, long drawSeed) {
    this(shape, true, catalogue, drawSeed);
  }

  private BatchAssembler(
      NetworkShape shape, boolean readsIds, ItemCatalogue catalogue, long drawSeed) {
    this.shape = shape;
    this.readsIds = readsIds;
    this.catalogue = catalogue;
    this.drawSeed = drawSeed;
  }

  /** Makes batches without IDs, for an image path that trains alone. */
  static BatchAssembler ofPictures(NetworkShape shape) {
    return new BatchAssembler(shape, false, ItemCatalogue.EMPTY, 0);
  }

  /**
   * The batch of these samples.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH} when a sample has other fields than the
   *     network
   */
  public Batch assemble(List<Sample> samples) {
    return new Assembly(samples).batch();
  }

  /** The growing parts of one batch. */
  private final class Assembly {
    private final List<Sample> samples;
    private final int impressions;
    private final DistinctKeys adImages;
    private final DistinctKeys behaviorImages;
    private final DistinctKeys ids;
    private final BagsBuilder sampleIds = new BagsBuilder();
    private final BagsBuilder impressionIds = new BagsBuilder();
    private final BagsBuilder adRows = new BagsBuilder();
    private final BagsBuilder behaviorRows = new BagsBuilder();
    private final BagsBuilder crosses = new BagsBuilder();
    private final BagsBuilder behaviorIds = new BagsBuilder();
    private final int[] behaviorOffsets;
    private int behaviors;
    private final int[] sampleOfImpression;
    private final long[] labels;

    Assembly(List<Sample> samples) {
      this.samples = List.copyOf(samples);
      this.behaviorOffsets = new int[readsBehaviors() ? samples.size() : 0];
      this.impressions = samples.stream().mapToInt(sample -> sample.impressions().size()).sum();
      this.adImages = new DistinctKeys(impressions);
      this.behaviorImages = new DistinctKeys(4 * impressions);
      this.ids = new DistinctKeys(8 * impressions);
      this.sampleOfImpression = new int[impressions];
      this.labels = new long[impressions];
    }

    Batch batch() {
      int next = 0;
      for (int number = 0; number < samples.size(); number++) {
        Sample sample = samples.get(number);
        int[] images = addSample(number, sample);
        for (Impression impression : sample.impressions()) {
          addImpression(sample, impression, images);
          sampleOfImpression[next] = number;
          labels[next++] = impression.label();
        }
      }
      BehaviorIndices behaviorIndices = behaviorIndices();
      return new Batch(
          samples,
          adImages.keys(),
          behaviorImages.keys(),
          ids.keys(),
          indices(behaviorIndices),
          labels,
          shape.tiers() == 0 ? TierRequest.NONE : tiers());
    }

    /** Adds what a sample's impressions share; gives the rows of its behaviours' pictures. */
    private int[] addSample(int number, Sample sample) {
      check("user", sample.userKeys().length, shape.userFields());
      check("behavior", sample.behaviors().idKeys().length, shape.behaviorFields());
      if (readsIds) {
        addSampleIds(number, sample);
      }
      return shape.needsBehaviorCodes()
          ? rowsOf(sample.behaviors().imageKeys(), behaviorImages)
          : new int[0];
    }

    private void addSampleIds(int number, Sample sample) {
      addBags(sampleIds, sample.userKeys());
      if (readsBehaviors()) {
        addBehaviors(number, sample.behaviors().idKeys());
      } else {
        addBags(sampleIds, sample.behaviors().idKeys());
      }
    }

    /** Behaviour by behaviour, a bag a field. */
    private void addBehaviors(int number, long[][] keys) {
      behaviorOffsets[number] = behaviors;
      int count = keys[0].length;
      for (int behavior = 0; behavior < count; behavior++) {
        for (long[] field : keys) {
          behaviorIds.beginBag();
          if (field[behavior] != Fingerprints.NONE) {
            behaviorIds.add(ids.numberOf(field[behavior]));
          }
        }
      }
      behaviors += count;
    }

    private void addImpression(Sample sample, Impression impression, int[] images) {
      check("item", impression.itemKeys().length, shape.itemFields());
      check("context", impression.contextKeys().length, shape.contextFields());
      adRows.beginBag();
      if (shape.needsAdCodes() && impression.imageKey() != Fingerprints.NONE) {
        adRows.add(adImages.numberOf(impression.imageKey()));
      }
      behaviorRows.beginBag();
      behaviorRows.addAll(images);
      if (readsIds) {
        addImpressionIds(sample, impression);
      }
    }

    private void addImpressionIds(Sample sample, Impression impression) {
      addBags(impressionIds, impression.itemKeys());
      addBags(impressionIds, impression.contextKeys());
      for (FeatureCross cross : shape.crosses()) {
        addBag(crosses, cross.keys(sample, impression));
      }
    }

    private void addBags(BagsBuilder bags, long[][] keys) {
      for (long[] values : keys) {
        addBag(bags, values);
      }
    }

    /** Of vectors, not of codes: which of those are asked for is another matter. */
    private TierRequest tiers() {
      TierRequestBuilder builder = new TierRequestBuilder(shape.tiers());
      for (Sample sample : samples) {
        builder.beginSample(sample.behaviors().imageKeys());
        sample.impressions().forEach(one -> builder.addImpression(one.imageKey()));
      }
      return builder.build();
    }

    private void addBag(BagsBuilder bags, long[] keys) {
      bags.beginBag();
      bags.addAll(rowsOf(keys, ids));
    }

    private NetworkIndices indices(BehaviorIndices behaviorIndices) {
      return new NetworkIndices(
          samples.size(),
          sampleOfImpression,
          sampleIds.build(),
          impressionIds.build(),
          adRows.build(),
          behaviorRows.build(),
          crosses.build(),
          behaviorIndices);
    }

    /** Adds the keys of what is drawn: to be called before those are taken. */
    private BehaviorIndices behaviorIndices() {
      if (!readsBehaviors()) {
        return BehaviorIndices.NONE;
      }
      Bags rows = behaviorIds.build();
      if (!shape.drawsItems() || catalogue.size() == 0 || behaviors == 0) {
        return new BehaviorIndices(rows, behaviorOffsets, Bags.NONE, new int[0]);
      }
      ItemDraw.Drawn drawn = ItemDraw.draw(catalogue, samples, ids, drawSeed);
      return new BehaviorIndices(rows, behaviorOffsets, drawn.ids(), drawn.ofBehavior());
    }
  }

  private boolean readsBehaviors() {
    return readsIds && shape.behaviorBags() > 0;
  }

  /** The keys' numbers, those of "none" left out. */
  private static int[] rowsOf(long[] keys, DistinctKeys index) {
    int[] rows = new int[keys.length];
    int count = 0;
    for (long key : keys) {
      if (key != Fingerprints.NONE) {
        rows[count++] = index.numberOf(key);
      }
    }
    return count == keys.length ? rows : Arrays.copyOf(rows, count);
  }

  private static void check(String side, int found, int needed) {
    if (found != needed) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot make a batch: a sample has "
              + found
              + " "
              + side
              + " fields, the model needs "
              + needed
              + ". Make the samples anew from the model's features.json.");
    }
  }
}
