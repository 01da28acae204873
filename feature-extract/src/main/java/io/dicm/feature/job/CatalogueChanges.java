package io.dicm.feature.job;

import io.dicm.feature.source.SourcePiece;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.IndexEntry;
import io.dicm.feature.store.SourceFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the listing of a day's images says that the store does not know yet, without a look into any
 * file. Which images are in files of many is known only when these are read; they are not read when
 * the whole listing is that of the snapshot. Not safe for use by many threads.
 */
final class CatalogueChanges implements Closeable {
  private final ImageListing listing;
  private final FeatureBase base;
  private final ExtractSettings settings;
  private final Set<String> forgotten;
  private final String inputDigest;
  private final boolean sameLimits;
  private final boolean sameInput;
  private final Set<Long> listed = new HashSet<>();
  private final List<IndexEntry> rejected = new ArrayList<>();
  private final List<IndexEntry> returned = new ArrayList<>();
  private final List<IndexEntry> left = new ArrayList<>();
  private final Map<String, IndexEntry> lost = new LinkedHashMap<>();
  private ImageListing unknown;
  private long skippedImages;
  private boolean skippedRejected;

  private CatalogueChanges(
      ImageListing listing, FeatureBase base, ExtractSettings settings, Set<String> forgotten) {
    this.listing = listing;
    this.base = base;
    this.settings = settings;
    this.forgotten = forgotten;
    this.inputDigest = listing.digest(influences());
    this.sameLimits = base.limits().equals(settings.limits());
    this.sameInput = base.isWhole() && base.inputDigest().equals(inputDigest);
    base.lost().stream()
        .filter(entry -> !forgotten.contains(entry.imageId()))
        .forEach(entry -> lost.put(entry.imageId(), entry));
  }

  /**
   * Compares.
   *
   * @param listing all images
   * @param base what is known
   * @param settings files that were modified before a time may not be looked at, unless damage of
   *     the store made it lose their images; other limits give rejected images another chance
   * @param forgotten image_ids that are to be forgotten, which are neither unknown nor left
   */
  static CatalogueChanges of(
      ImageListing listing, FeatureBase base, ExtractSettings settings, Set<String> forgotten)
      throws IOException {
    CatalogueChanges changes = new CatalogueChanges(listing, base, settings, forgotten);
    if (listing.namesImages()) {
      changes.compareImages();
    } else {
      changes.compareInput();
    }
    return changes;
  }

  /**
   * Pieces to be read: images that are new, or whose file has another name, length or time than the
   * one that the store knows; files of many images unless all of the input is as it was.
   */
  ImageListing unknown() {
    return unknown;
  }

  /** Images in what is unknown too, but older than the job was told to look at. */
  long skippedImages() {
    return skippedImages;
  }

  /** Images that were rejected earlier, and whose files are as they were then. */
  List<IndexEntry> rejected() {
    return rejected;
  }

  /** Known images that the catalogue has again, as far as the listing tells. */
  List<IndexEntry> returned() {
    return returned;
  }

  /**
   * Known images that the catalogue does not have any more, as far as the listing tells; they stay
   * in the store.
   */
  List<IndexEntry> left() {
    return left;
  }

  /**
   * Images that damage of the store made it lose and that the catalogue does not have, as far as
   * the listing tells: nothing brings them back.
   */
  Collection<IndexEntry> lost() {
    return Collections.unmodifiableCollection(lost.values());
  }

  /** Whether known images that the job does not meet have left the catalogue. */
  boolean jobMeetsAll() {
    return !listing.namesImages() && unknown.pieces() == listing.pieces();
  }

  /** Digest of the listing and of what else decides what the snapshot has of it. */
  String inputDigest() {
    return inputDigest;
  }

  /**
   * The limits that all rejections of the new snapshot are due to; empty: some are due to earlier
   * limits, as their files were too old to be looked at again, and still have their chance.
   */
  String limits() {
    return skippedRejected ? "" : settings.limits();
  }

  @Override
  public void close() throws IOException {
    unknown.close();
  }

  /** Where the picture of a piece came from, as the store's index holds it. */
  static SourceFile source(SourcePiece piece) {
    return new SourceFile(piece.name(), piece.length(), piece.modifiedAtMs());
  }

  private void compareImages() throws IOException {
    unknown = listing.where(this::isUnknown);
    for (IndexEntry entry : base.entries()) {
      if (entry.absentSince().isEmpty()
          && !listed.contains(entry.imageKey())
          && !forgotten.contains(entry.imageId())) {
        left.add(entry);
      }
    }
  }

  private boolean isUnknown(SourcePiece piece) {
    String imageId = listing.imageId(piece);
    if (forgotten.contains(imageId)) {
      return false;
    }
    boolean isLost = lost.remove(imageId) != null;
    Optional<IndexEntry> known = base.find(imageId);
    known.ifPresent(entry -> listed.add(entry.imageKey()));
    boolean sameFile = known.isPresent() && known.get().source().equals(source(piece));
    if (!sameFile || !(known.get().hasVector() || (known.get().wasRejected() && sameLimits))) {
      boolean skips = !isLost && skips(piece);
      skippedRejected |= skips && sameFile;
      return !skips;
    }
    IndexEntry entry = known.get();
    if (entry.wasRejected()) {
      rejected.add(entry);
    }
    if (!entry.absentSince().isEmpty()) {
      returned.add(entry);
    }
    return false;
  }

  private void compareInput() throws IOException {
    // Any file may have the images that are lost.
    boolean all = !lost.isEmpty();
    unknown = listing.where(piece -> !sameInput && (all || !skips(piece)));
    if (sameInput) {
      base.entries().stream()
          .filter(entry -> entry.wasRejected() && entry.absentSince().isEmpty())
          .forEach(rejected::add);
    }
  }

  private boolean skips(SourcePiece piece) {
    boolean skips = piece.modifiedAtMs() < settings.sinceMs() && !base.losesUnnamed();
    skippedImages += skips ? piece.images() : 0;
    return skips;
  }

  /** Of a listing that names its images, each image shows on its own whether it was taken. */
  private String influences() {
    return listing.namesImages()
        ? settings.limits()
        : String.join(
            "\n",
            settings.limits(),
            Long.toString(settings.sinceMs()),
            String.join("\n", new TreeSet<>(forgotten)));
  }
}
