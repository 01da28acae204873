package io.dicm.ams.tier;

import io.dicm.common.key.Fingerprints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Makes a {@link TierRequest}, sample after sample. For one thread. */
public final class TierRequestBuilder {
  private final int tiers;
  private final List<long[]> behaviors = new ArrayList<>();
  private final LongStream.Builder ads = LongStream.builder();
  private final IntList impressionEnds = new IntList();
  private int impressions;

  /**
   * @param tiers as in {@link TierRequest}
   */
  public TierRequestBuilder(int tiers) {
    this.tiers = tiers;
  }

  /**
   * Begins the next sample.
   *
   * @param imageKeys images of its behaviours; {@link Fingerprints#NONE} is left out
   */
  public void beginSample(long[] imageKeys) {
    endSample();
    behaviors.add(imageKeys);
  }

  /**
   * Adds an impression to the sample begun last.
   *
   * @param imageKey image of the shown item, or {@link Fingerprints#NONE}
   */
  public void addImpression(long imageKey) {
    ads.add(imageKey);
    impressions++;
  }

  private void endSample() {
    if (!behaviors.isEmpty()) {
      impressionEnds.add(impressions);
    }
  }

  /** The request; the builder has done its work then. */
  public TierRequest build() {
    endSample();
    long[] adKeys = ads.build().toArray();
    AscendingKeys adImages = AscendingKeys.of(LongStream.of(adKeys));
    AscendingKeys behaviorImages =
        AscendingKeys.of(behaviors.stream().flatMapToLong(Arrays::stream));
    IntList places = new IntList();
    int[] ends = new int[behaviors.size()];
    for (int sample = 0; sample < ends.length; sample++) {
      LongStream.of(behaviors.get(sample))
          .filter(key -> key != Fingerprints.NONE)
          .mapToInt(behaviorImages::placeOf)
          .sorted()
          .forEach(places::add);
      ends[sample] = places.size();
    }
    return new TierRequest(
        tiers,
        adImages.keys(),
        behaviorImages.keys(),
        places.toArray(),
        ends,
        LongStream.of(adKeys)
            .mapToInt(
                key -> key == Fingerprints.NONE ? TierRequest.NO_IMAGE : adImages.placeOf(key))
            .toArray(),
        impressionEnds.toArray());
  }

  /**
   * Different keys in ascending unsigned order.
   *
   * @param flipped the keys with their signs turned round, which makes the order that of numbers
   */
  private record AscendingKeys(long[] flipped) {
    static AscendingKeys of(LongStream keys) {
      return new AscendingKeys(
          keys.filter(key -> key != Fingerprints.NONE)
              .map(AscendingKeys::flip)
              .sorted()
              .distinct()
              .toArray());
    }

    long[] keys() {
      return LongStream.of(flipped).map(AscendingKeys::flip).toArray();
    }

    int placeOf(long key) {
      return Arrays.binarySearch(flipped, flip(key));
    }

    private static long flip(long key) {
      return key ^ Long.MIN_VALUE;
    }
  }
}
