package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dicm.ams.proto.TierQuestion;
import io.dicm.ams.proto.VectorsReply;
import io.dicm.ams.proto.VectorsRequest;
import io.dicm.ams.tier.StoredVectors;
import io.dicm.ams.tier.TierRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Questions for tier histograms, and what servers tell each other to answer them. */
public final class TierMessages {
  private TierMessages() {}

  /**
   * @param request with an image for every impression
   */
  static TierQuestion message(TierRequest request) {
    return TierQuestion.newBuilder()
        .setTiers(request.tiers())
        .setAdImageKeys(KeyLists.of(request.adImageKeys()))
        .setBehaviorImageKeys(KeyLists.of(request.behaviorImageKeys()))
        .setBehaviors(VarInts.of(bySample(differences(request), request.behaviorEnds())))
        .setImpressions(VarInts.of(bySample(request.ads(), request.impressionEnds())))
        .build();
  }

  /** How many impressions are asked for at most; reads no more than that needs. */
  public static int impressions(TierQuestion message) {
    return VarInts.count(message.getImpressions());
  }

  /**
   * Reads a question.
   *
   * @throws DicmException {@code INTERNAL} when it is none
   */
  public static TierRequest record(TierQuestion message) {
    Lists behaviors = Lists.of(VarInts.values(message.getBehaviors(), "behaviors"));
    Lists impressions = Lists.of(VarInts.values(message.getImpressions(), "impressions"));
    addUp(behaviors);
    try {
      return new TierRequest(
          message.getTiers(),
          KeyLists.keys(message.getAdImageKeys(), "ad_image_keys"),
          KeyLists.keys(message.getBehaviorImageKeys(), "behavior_image_keys"),
          behaviors.values,
          behaviors.ends,
          impressions.values,
          impressions.ends);
    } catch (IllegalArgumentException e) {
      throw new DicmException(ErrorCode.INTERNAL, e.getMessage() + ".", e);
    }
  }

  /** Places ascend within a sample: differences need fewer bytes. */
  private static int[] differences(TierRequest request) {
    int[] differences = request.behaviors().clone();
    int from = 0;
    for (int end : request.behaviorEnds()) {
      for (int i = end - 1; i > from; i--) {
        differences[i] -= differences[i - 1];
      }
      from = end;
    }
    return differences;
  }

  private static void addUp(Lists behaviors) {
    int from = 0;
    for (int end : behaviors.ends) {
      for (int i = from + 1; i < end; i++) {
        behaviors.values[i] += behaviors.values[i - 1];
      }
      from = end;
    }
  }

  /** Each sample's values after their number. */
  private static int[] bySample(int[] values, int[] ends) {
    int[] all = new int[values.length + ends.length];
    int from = 0;
    for (int sample = 0; sample < ends.length; sample++) {
      all[from + sample] = ends[sample] - from;
      System.arraycopy(values, from, all, from + sample + 1, ends[sample] - from);
      from = ends[sample];
    }
    return all;
  }

  /** What {@link #bySample} was made of. */
  private record Lists(int[] values, int[] ends) {
    static Lists of(int[] all) {
      int[] values = new int[all.length];
      int[] ends = new int[all.length];
      int count = 0;
      int samples = 0;
      int next = 0;
      while (next < all.length) {
        int length = all[next++];
        if (length < 0 || length > all.length - next) {
          throw new DicmException(
              ErrorCode.INTERNAL, "Cannot read a question for tier histograms: its lists are cut.");
        }
        System.arraycopy(all, next, values, count, length);
        next += length;
        count += length;
        ends[samples++] = count;
      }
      return new Lists(Arrays.copyOf(values, count), Arrays.copyOf(ends, samples));
    }
  }

  public static VectorsRequest message(long[] imageKeys) {
    return VectorsRequest.newBuilder().setImageKeys(KeyLists.of(imageKeys)).build();
  }

  public static VectorsReply message(StoredVectors stored) {
    return VectorsReply.newBuilder()
        .setVectors(UnsafeByteOperations.unsafeWrap(stored.vectors()))
        .addAllMissing(IntStream.of(stored.missing()).boxed().toList())
        .build();
  }

  public static StoredVectors record(VectorsReply message) {
    ByteBuffer vectors = message.getVectors().asReadOnlyByteBuffer();
    return new StoredVectors(
        vectors.order(ByteOrder.LITTLE_ENDIAN),
        message.getMissingList().stream().mapToInt(Integer::intValue).toArray());
  }

  static ByteString counts(int[] counts) {
    return VarInts.of(counts);
  }

  static int[] counts(ByteString counts) {
    return VarInts.values(counts, "tier_counts");
  }
}
