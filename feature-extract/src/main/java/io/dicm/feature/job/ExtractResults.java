package io.dicm.feature.job;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.BucketOrder;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStoreWriter;
import io.dicm.feature.store.FeatureUpdate;
import io.dicm.feature.store.IndexEntry;
import io.dicm.feature.store.SourceFile;
import io.dicm.feature.store.WrittenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Takes what a finished job left in its output into the day's snapshot. */
final class ExtractResults {
  /** Vectors that are copied at a time: 32 MiB of those with 4,096 floats. */
  private static final int COPIES_AT_A_TIME = 2048;

  private final Configuration conf;
  private final FeatureBase base;
  private final KnownPictures known;
  private final ExtractorDescription extractor;
  private final ImageListing unknown;
  private final Map<String, SourceFile> sources = new HashMap<>();
  private final Set<String> met = new HashSet<>();
  private boolean toTryAgain;

  ExtractResults(
      Configuration conf,
      FeatureBase base,
      ImageListing unknown,
      KnownPictures known,
      ExtractorDescription extractor)
      throws IOException {
    this.conf = conf;
    this.base = base;
    this.known = known;
    this.extractor = extractor;
    this.unknown = unknown;
    if (unknown.namesImages()) {
      unknown.forEach(piece -> sources.put(unknown.imageId(piece), CatalogueChanges.source(piece)));
    }
  }

  /**
   * Adds vectors, copies and rejections, and leaves in the output what belongs into a partition.
   */
  void takeInto(FeatureUpdate update, Path staging) throws IOException {
    for (WrittenFile written : StagedParts.read(conf, staging).written()) {
      update.add(written, this::meet);
    }
    Map<String, String> toCopy = new HashMap<>();
    for (ExtractedImage image : OutcomeFile.read(conf, staging)) {
      take(image, update, toCopy);
    }
    copy(toCopy, update, staging);
    StagedParts.remove(conf, staging);
  }

  /** Whether some images were rejected for reasons that may not hold the next time. */
  boolean hasImagesToTryAgain() {
    return toTryAgain;
  }

  /** Marks images as absent since a day that the job, which saw all images, has not met. */
  void leaveOthers(FeatureUpdate update, String date) {
    for (IndexEntry entry : base.entries()) {
      if (entry.absentSince().isEmpty() && !met.contains(entry.imageId())) {
        update.put(entry.absent(date));
      }
    }
  }

  /** Of images those that the job has not met. */
  List<IndexEntry> notMet(Collection<IndexEntry> entries) {
    return entries.stream().filter(entry -> !met.contains(entry.imageId())).toList();
  }

  /** Where an image is that the job came across; within a file of many nothing is recorded. */
  private SourceFile meet(String imageId) {
    met.add(imageId);
    return sources.getOrDefault(imageId, SourceFile.UNKNOWN);
  }

  private void take(ExtractedImage image, FeatureUpdate update, Map<String, String> toCopy) {
    String imageId = image.imageId();
    SourceFile source = meet(imageId);
    Optional<IndexEntry> earlier = base.find(imageId);
    if (image.isKnown() && KnownPictures.isSame(earlier, image.knownDigest())) {
      putIfOther(update, earlier, earlier.get().from(source));
    } else if (image.isKnown()) {
      toCopy.put(imageId, image.knownDigest());
    } else {
      reject(image, image.rejection().orElseThrow(), source, update);
    }
  }

  private void reject(
      ExtractedImage image, RejectedImage rejection, SourceFile source, FeatureUpdate update) {
    Optional<IndexEntry> earlier = base.find(image.imageId());
    if (rejection.reason().isLasting()) {
      putIfOther(
          update,
          earlier,
          IndexEntry.rejected(
              image.imageId(),
              unknown.namesImages() ? source : fileOfMany(image),
              rejection.reason().name(),
              rejection.detail()));
      return;
    }
    // It says nothing about the picture: a vector of it stays, with the file that it came from, so
    // that the next extraction finds that the file is another one.
    toTryAgain = true;
    if (earlier.isPresent() && earlier.get().wasRejected()) {
      update.forget(image.imageId());
    } else if (earlier.isPresent() && rejection.reason() != RejectionReason.VANISHED) {
      putIfOther(update, earlier, earlier.get().absent(""));
    }
  }

  private static void putIfOther(
      FeatureUpdate update, Optional<IndexEntry> earlier, IndexEntry entry) {
    if (!earlier.equals(Optional.of(entry))) {
      update.put(entry);
    }
  }

  /** For people, of an image at {@code location/file#image_id}. */
  private SourceFile fileOfMany(ExtractedImage image) {
    String location = unknown.source().location().toString();
    String path = image.path();
    String file = path.substring(0, path.length() - image.imageId().length() - 1);
    String name = file.length() > location.length() ? file.substring(location.length() + 1) : "";
    return new SourceFile(name, -1, -1);
  }

  private void copy(Map<String, String> digestByImageId, FeatureUpdate update, Path staging)
      throws IOException {
    List<String> imageIds = new ArrayList<>(digestByImageId.keySet());
    for (int from = 0; from < imageIds.size(); from += COPIES_AT_A_TIME) {
      Map<String, String> some = new HashMap<>();
      imageIds
          .subList(from, Math.min(imageIds.size(), from + COPIES_AT_A_TIME))
          .forEach(imageId -> some.put(imageId, digestByImageId.get(imageId)));
      List<FeatureRecord> copies = known.copies(some);
      checkCopies(some.size(), copies.size());
      copies.sort((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey()));
      Path file = new Path(staging, "part-copied-" + from / COPIES_AT_A_TIME + ".parquet");
      try (FeatureStoreWriter writer = new FeatureStoreWriter(conf, file, extractor)) {
        for (FeatureRecord copy : copies) {
          writer.write(copy);
        }
        update.add(writer.finish(), this::meet);
      }
    }
  }

  /** An index that names a wrong file would make images vanish. */
  private static void checkCopies(int wanted, int found) {
    if (found != wanted) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot copy the vectors of known pictures: the files that the store's index names have "
              + found
              + " of "
              + wanted
              + " of them. Delete the newest _index-*.parquet; it is then made anew.");
    }
  }
}
