package io.dicm.feature.job;

import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.IndexEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pictures that unknown files may turn out to have: those of the same image, and all of the same
 * length. A vector belongs to bytes, whatever the name of their file.
 */
final class KnownPictures {
  private static final Logger LOG = LoggerFactory.getLogger(KnownPictures.class);

  /** Most digests that tasks get, 64 MiB of memory in each; more cost computation only. */
  private static final int MOST_DIGESTS = 2 << 20;

  private final Map<String, Place> placeByDigest;

  private KnownPictures(Map<String, Place> placeByDigest) {
    this.placeByDigest = placeByDigest;
  }

  /** Where a picture's vector is. */
  private record Place(FeatureBase base, IndexEntry entry) {}

  /**
   * Finds them.
   *
   * @param unknown the files; within files of many images, which a listing does not tell, there may
   *     be any picture
   * @param bases snapshots to look in; an earlier one of the list is preferred
   */
  static KnownPictures of(ImageListing unknown, List<FeatureBase> bases) throws IOException {
    Set<String> imageIds = new HashSet<>();
    Set<Long> lengths = new HashSet<>();
    boolean any = !unknown.namesImages();
    if (!any) {
      unknown.forEach(
          piece -> {
            imageIds.add(unknown.imageId(piece));
            lengths.add(piece.length());
          });
    }
    Map<String, Place> places = new HashMap<>();
    int left = 0;
    for (FeatureBase base : bases) {
      for (IndexEntry entry : base.entries()) {
        boolean candidate =
            entry.hasVector()
                && (any
                    || imageIds.contains(entry.imageId())
                    || lengths.contains(entry.source().length()));
        if (candidate && places.size() < MOST_DIGESTS) {
          places.putIfAbsent(entry.contentDigest(), new Place(base, entry));
        } else if (candidate) {
          left++;
        }
      }
    }
    if (left > 0) {
      LOG.warn("Too many pictures may be the same: {} are not looked at", left);
    }
    return new KnownPictures(places);
  }

  /** Content digests of all. */
  SortedSet<String> digests() {
    return new TreeSet<>(placeByDigest.keySet());
  }

  /**
   * The vectors of pictures, as those of images that have them under another name.
   *
   * @param digestByImageId content digest by the image_id that is to have its vector; all are known
   */
  List<FeatureRecord> copies(Map<String, String> digestByImageId) throws IOException {
    Map<FeatureBase, Map<String, Map<Long, List<String>>>> wanted = new HashMap<>();
    digestByImageId.forEach(
        (imageId, digest) -> {
          Place place = placeByDigest.get(digest);
          wanted
              .computeIfAbsent(place.base(), base -> new HashMap<>())
              .computeIfAbsent(place.entry().file(), file -> new HashMap<>())
              .computeIfAbsent(place.entry().imageKey(), key -> new ArrayList<>())
              .add(imageId);
        });
    long nowMs = System.currentTimeMillis();
    List<FeatureRecord> copies = new ArrayList<>();
    for (Map.Entry<FeatureBase, Map<String, Map<Long, List<String>>>> base : wanted.entrySet()) {
      for (Map.Entry<String, Map<Long, List<String>>> file : base.getValue().entrySet()) {
        base.getKey()
            .read(
                file.getKey(),
                file.getValue().keySet(),
                image ->
                    file.getValue()
                        .get(image.imageKey())
                        .forEach(imageId -> copies.add(image.copiedTo(imageId, nowMs))));
      }
    }
    return copies;
  }

  /** Whether the store has this very image with this content. */
  static boolean isSame(Optional<IndexEntry> known, String digest) {
    return known.filter(e -> e.hasVector() && e.contentDigest().equals(digest)).isPresent();
  }
}
