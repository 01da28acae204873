package io.dicm.feature.duplicate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the groups of near-duplicates in a snapshot: pairs whose perceptual hashes differ in few
 * bits and whose vectors point the same way are near, and what is connected by near pairs is a
 * group. The result depends on the images alone, not on the memory.
 *
 * <p>Needs about 40 bytes an image, the settings' memory, and the groups themselves. Immutable.
 */
public final class DuplicateSearch {
  /** Of a pair: itself, two numbers, two links, its cosine, and its share of two images' tables. */
  private static final int PAIR_BYTES = 64;

  /** Two numbers of each pair are in one array. */
  private static final long MOST_PAIRS = 1 << 29;

  private final DuplicateSettings settings;

  public DuplicateSearch(DuplicateSettings settings) {
    this.settings = settings;
  }

  /**
   * Searches.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE} when so many hashes are near that
   *     the pairs do not fit, {@link ErrorCode#STORE_CORRUPT} when the snapshot changes meanwhile
   */
  public DuplicateResult find(FeatureSnapshot snapshot) throws IOException {
    ImageHashes images = ImageHashes.read(snapshot);
    ImagePairs candidates = new CandidatePairs(images).within(settings.maxDistance(), mostPairs());
    float[] cosines = cosines(snapshot, images, candidates);
    UnionFind sets = new UnionFind(images.count());
    BitSet grouped = new BitSet(images.count());
    long near = 0;
    for (int pair = 0; pair < candidates.count(); pair++) {
      if (cosines[pair] >= settings.minCosine()) {
        sets.union(candidates.first(pair), candidates.second(pair));
        grouped.set(candidates.first(pair));
        grouped.set(candidates.second(pair));
        near++;
      }
    }
    List<DuplicateGroup> groups =
        groups(snapshot, images, members(snapshot, images, sets, grouped));
    return new DuplicateResult(images.count(), candidates.count(), near, groups);
  }

  /** An image that is in a group. */
  private record Member(int image, String imageId) {}

  /** The members of each group, the representative first, then by image_id. */
  private static List<List<Member>> members(
      FeatureSnapshot snapshot, ImageHashes images, UnionFind sets, BitSet grouped)
      throws IOException {
    if (grouped.isEmpty()) {
      return List.of();
    }
    Map<Integer, List<Member>> bySet = new HashMap<>();
    int[] next = {0};
    snapshot.scanHashes(
        (imageId, imageKey, hash) -> {
          int image = next[0]++;
          if (image >= images.count() || images.key(image) != imageKey) {
            throw changed();
          }
          if (grouped.get(image)) {
            bySet
                .computeIfAbsent(sets.find(image), first -> new ArrayList<>())
                .add(new Member(image, imageId));
          }
        });
    Map<String, List<Member>> byRepresentative = new TreeMap<>();
    for (List<Member> members : bySet.values()) {
      members.sort(Comparator.comparing(Member::imageId));
      byRepresentative.put(members.get(0).imageId(), members);
    }
    return List.copyOf(byRepresentative.values());
  }

  /** Compares each member with its representative. */
  private List<DuplicateGroup> groups(
      FeatureSnapshot snapshot, ImageHashes images, List<List<Member>> groups) throws IOException {
    ImagePairs pairs = new ImagePairs(Integer.MAX_VALUE);
    for (List<Member> members : groups) {
      for (Member member : members.subList(1, members.size())) {
        pairs.add(members.get(0).image(), member.image());
      }
    }
    float[] cosines = cosines(snapshot, images, pairs);
    List<DuplicateGroup> result = new ArrayList<>();
    int pair = 0;
    for (List<Member> members : groups) {
      int representative = members.get(0).image();
      List<NearDuplicate> compared = new ArrayList<>();
      for (Member member : members) {
        boolean itself = member.image() == representative;
        compared.add(
            new NearDuplicate(
                member.imageId(),
                images.key(member.image()),
                Long.bitCount(images.hash(representative) ^ images.hash(member.image())),
                itself ? 1.0 : cosines[pair++]));
      }
      result.add(new DuplicateGroup(compared));
    }
    return result;
  }

  private float[] cosines(FeatureSnapshot snapshot, ImageHashes images, ImagePairs pairs)
      throws IOException {
    long vectorBytes = (long) Float.BYTES * snapshot.dimension() + Long.BYTES;
    long room = Math.max(1, settings.memoryBytes() / 2 / vectorBytes);
    return new PairCosines(images, pairs, (int) Math.min(room, Integer.MAX_VALUE))
        .compute(snapshot);
  }

  private long mostPairs() {
    long most = settings.memoryBytes() / 2 / PAIR_BYTES;
    return Math.max(1, Math.min(most, MOST_PAIRS));
  }

  private static DicmException changed() {
    return new DicmException(
        ErrorCode.STORE_CORRUPT,
        "Cannot name near-duplicates: the partition was replaced while it was read. Run again.");
  }
}
