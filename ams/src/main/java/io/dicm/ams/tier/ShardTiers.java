package io.dicm.ams.tier;

import io.dicm.ams.shard.FeatureShard;
import io.dicm.ams.submodel.MissingImageCount;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * Counts for one server: behaviours by its shard, the shown items by its shard or by their owners.
 * For one thread.
 */
public final class ShardTiers {
  private final FeatureShard shard;
  private final LongPredicate owned;
  private final PeerVectors peers;
  private final TierCounter counter;

  /**
   * Takes none of them over.
   *
   * @param owned tests image keys for being this server's
   * @param peers vectors of all other images
   */
  public ShardTiers(
      FeatureShard shard, LongPredicate owned, PeerVectors peers, TierCounter counter) {
    this.shard = shard;
    this.owned = owned;
    this.peers = peers;
    this.counter = counter;
  }

  /**
   * Answers a question about behaviours of this server.
   *
   * @param missing counts the images that there are no vectors of
   * @return [impressions, tiers]
   * @throws io.dicm.common.error.DicmException as {@link PeerVectors#hold}
   */
  public int[] count(TierRequest request, MissingImageCount missing) {
    int[] counts = new int[request.countsLength()];
    int[] behaviorRows = shard.rowsOf(request.behaviorImageKeys());
    int[] adRows = shard.rowsOf(request.adImageKeys());
    countMissing(request.behaviorImageKeys(), behaviorRows, missing);
    countMissing(request.adImageKeys(), adRows, missing);
    ImageVectors behaviors = (place, target) -> copy(behaviorRows[place], target);
    int from = 0;
    while (from < request.impressions()) {
      int to = endOfBlock(request, from);
      Map<Integer, PeerVectors.Held> others = others(request, from, to, missing);
      ImageVectors ads =
          (place, target) ->
              others.containsKey(place)
                  ? peers.copy(others.get(place), target)
                  : copy(adRows[place], target);
      counter.count(request, from, to, ads, behaviors, counts);
      from = to;
    }
    return counts;
  }

  /** Those of this server. */
  private void countMissing(long[] keys, int[] rows, MissingImageCount missing) {
    for (int i = 0; i < keys.length; i++) {
      if (owned.test(keys[i])) {
        missing.add(keys[i], rows[i] == FeatureShard.MISSING_ROW);
      }
    }
  }

  /** The impression after the last of which all other servers' vectors can be held at a time. */
  private int endOfBlock(TierRequest request, int from) {
    boolean[] seen = new boolean[request.adImageKeys().length];
    int others = 0;
    for (int i = from; i < request.impressions(); i++) {
      int ad = request.ads()[i];
      if (ad != TierRequest.NO_IMAGE && !seen[ad] && !owned.test(request.adImageKeys()[ad])) {
        seen[ad] = true;
        others++;
        if (others > peers.mostImages()) {
          return i;
        }
      }
    }
    return request.impressions();
  }

  /** The vectors of other servers' images that these impressions show, by the image's place. */
  private Map<Integer, PeerVectors.Held> others(
      TierRequest request, int from, int to, MissingImageCount missing) {
    int[] places =
        Arrays.stream(request.ads(), from, to)
            .filter(ad -> ad != TierRequest.NO_IMAGE && !owned.test(request.adImageKeys()[ad]))
            .sorted()
            .distinct()
            .toArray();
    long[] keys = IntStream.of(places).mapToLong(ad -> request.adImageKeys()[ad]).toArray();
    List<PeerVectors.Held> held = peers.hold(keys);
    Map<Integer, PeerVectors.Held> byPlace = new HashMap<>();
    for (int i = 0; i < places.length; i++) {
      byPlace.put(places[i], held.get(i));
      missing.add(keys[i], held.get(i).block() == null);
    }
    return byPlace;
  }

  private boolean copy(int row, float[] target) {
    if (row == FeatureShard.MISSING_ROW) {
      return false;
    }
    shard.copyRow(row, target);
    return true;
  }
}
