package io.dicm.feature.job;

import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.IndexEntry;
import io.dicm.feature.store.SourceFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the listing of a day's images says that the store does not know yet, without a look into any
 * file.
 *
 * @param unknown files to be read: new, or of another name, length or time than the one that the
 *     store knows of the image
 * @param skipped files that are unknown too, but older than the job was told to look at
 * @param rejected images that were rejected earlier, and whose files are as they were then
 * @param returned known images that the catalogue has again
 * @param left known images that the catalogue does not have any more; they stay in the store
 */
record CatalogueChanges(
    List<ImageFile> unknown,
    List<ImageFile> skipped,
    List<IndexEntry> rejected,
    List<IndexEntry> returned,
    List<IndexEntry> left) {

  /**
   * Compares.
   *
   * @param listing without images that are to be forgotten
   * @param base what is known
   * @param sinceMs files that were modified before are not looked at, milliseconds since 1970 UTC
   * @param limits that decide which images are rejected: other ones, another chance
   */
  static CatalogueChanges of(ImageListing listing, FeatureBase base, long sinceMs, String limits) {
    CatalogueChanges changes =
        new CatalogueChanges(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    Set<Long> listed = new HashSet<>();
    boolean sameLimits = base.limits().equals(limits);
    for (ImageFile file : listing.files()) {
      Optional<IndexEntry> known = base.find(file.imageId());
      known.ifPresent(entry -> listed.add(entry.imageKey()));
      changes.sort(file, known, sinceMs, sameLimits);
    }
    for (IndexEntry entry : base.entries()) {
      if (entry.absentSince().isEmpty() && !listed.contains(entry.imageKey())) {
        changes.left.add(entry);
      }
    }
    return changes;
  }

  /** Where the picture of a file came from, as the store's index holds it. */
  static SourceFile source(ImageFile file) {
    return new SourceFile(file.name(), file.length(), file.modifiedAtMs());
  }

  private void sort(ImageFile file, Optional<IndexEntry> known, long sinceMs, boolean sameLimits) {
    boolean same =
        known.isPresent()
            && known.get().source().equals(source(file))
            && (known.get().hasVector() || sameLimits);
    if (!same) {
      (file.modifiedAtMs() < sinceMs ? skipped : unknown).add(file);
      return;
    }
    IndexEntry entry = known.get();
    if (entry.wasRejected()) {
      rejected.add(entry);
    }
    if (!entry.absentSince().isEmpty()) {
      returned.add(entry);
    }
  }
}
