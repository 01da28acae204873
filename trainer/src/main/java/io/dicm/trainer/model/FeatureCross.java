package io.dicm.trainer.model;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeaturePair;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Two features whose pairs of values have weights of their own: where samples have their values.
 * Samples do not have the pairs; batches make their keys.
 *
 * @param first where the first one's values are
 * @param second where the second one's are
 * @param pairKey tells the pair's keys from those of other pairs, see {@link Fingerprints#pairKey}
 */
public record FeatureCross(FeaturePlace first, FeaturePlace second, long pairKey) {

  /** The crosses of a schema, in order. */
  public static List<FeatureCross> of(FeatureSchema schema) {
    return schema.crosses().stream().map(pair -> of(schema, pair)).toList();
  }

  private static FeatureCross of(FeatureSchema schema, FeaturePair pair) {
    return new FeatureCross(
        FeaturePlace.of(schema, pair.first()),
        FeaturePlace.of(schema, pair.second()),
        Fingerprints.pairKey(pair.first(), pair.second()));
  }

  /**
   * The keys of all pairs of a value of the first and a value of the second feature, as often as
   * there are such pairs: those of the first feature's first value come first.
   */
  public long[] keys(Sample sample, Impression impression) {
    long[] firsts = first.values(sample, impression);
    long[] seconds = second.values(sample, impression);
    long[] keys = new long[Math.multiplyExact(firsts.length, seconds.length)];
    int count = 0;
    for (long one : firsts) {
      for (long other : seconds) {
        if (one != Fingerprints.NONE && other != Fingerprints.NONE) {
          keys[count++] = Fingerprints.crossKey(pairKey, one, other);
        }
      }
    }
    return count == keys.length ? keys : Arrays.copyOf(keys, count);
  }
}
