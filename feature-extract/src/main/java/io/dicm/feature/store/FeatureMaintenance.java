package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store small and quick: merges the files of many days, drops what is old, checks what is
 * there. Whoever reads a snapshot meanwhile goes on reading it. Not to be run beside an extraction
 * of the newest day: the later of both fails, and is to be run again. Safe for use by many threads
 * otherwise.
 */
public final class FeatureMaintenance {
  private static final Logger LOG = LoggerFactory.getLogger(FeatureMaintenance.class);

  private final Configuration conf;
  private final FeatureStore store;
  private final Clock clock;

  /**
   * @param clock tells how long a file has not been in use
   */
  public FeatureMaintenance(Configuration conf, FeatureStore store, Clock clock) {
    this.conf = conf;
    this.store = store;
    this.clock = clock;
  }

  /**
   * What a compaction did.
   *
   * @param date of the snapshot, YYYY-MM-DD
   * @param images in it
   * @param filesBefore files that it was read from
   * @param filesAfter files that it is read from now
   */
  public record Compaction(String date, long images, int filesBefore, int filesAfter) {}

  /**
   * What an expiry did.
   *
   * @param snapshots days whose snapshots can no longer be read
   * @param images images that the newest snapshot no longer has
   * @param filesDeleted files that no snapshot used any more, or that killed runs left behind
   * @param bytesDeleted their bytes
   */
  public record Expiry(List<String> snapshots, long images, long filesDeleted, long bytesDeleted) {}

  /**
   * A snapshot as {@link #list} shows it.
   *
   * @param date YYYY-MM-DD
   * @param images in it
   * @param files files that it is read from
   * @param bytes bytes of these
   * @param ownFiles those of them that were written for it
   * @param replacedRows rows in these files that are not part of it
   */
  public record SnapshotSize(
      String date, long images, int files, long bytes, int ownFiles, long replacedRows) {}

  /** The snapshots, oldest first. */
  public List<SnapshotSize> list() throws IOException {
    List<SnapshotSize> sizes = new ArrayList<>();
    for (String date : store.dates()) {
      FeatureManifest manifest = store.manifest(date);
      Path partition = store.partition(date);
      String own = partition.getName() + "/";
      sizes.add(
          new SnapshotSize(
              date,
              manifest.imageCount(),
              manifest.files().size(),
              manifest.files().stream().mapToLong(FeatureFile::bytes).sum(),
              (int)
                  manifest.files().stream()
                      .map(file -> FeatureManifest.qualified(partition, file.name()))
                      .filter(name -> name.startsWith(own))
                      .count(),
              manifest.files().stream().mapToLong(f -> f.rows() - f.liveRows()).sum()));
    }
    return sizes;
  }

  /**
   * Compares every file of a snapshot with its manifest, and the manifest's counts with the rows.
   * Reads everything.
   *
   * @return what is wrong, one sentence each; empty: nothing
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when not even the manifest can be read
   */
  public List<String> verify(String date) throws IOException {
    return new SnapshotCheck(conf, store, date).problems();
  }

  /**
   * Merges the newest snapshot into few files of whole buckets, without rows that were replaced.
   * The snapshot has the same images as before, less those to forget. Needs memory for a row group
   * (32 MiB) of each file that it reads.
   *
   * @param files number of new files; each takes the buckets that are equal modulo it
   * @param forgotten image_ids that the store is to forget
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} for an empty store
   */
  public Compaction compact(int files, Set<String> forgotten) throws IOException {
    String date = newestDate();
    FeatureBase base = FeatureBase.of(conf, store, date, Verification.LENGTHS);
    requireIntact(date, base);
    // After the base: a manifest that is newer than it is refused at the end.
    FeatureManifest before = store.manifest(date);
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, store.partition(date))) {
      FeatureUpdate update =
          new FeatureUpdate(conf, store, base, base.extractor(), date, publisher.staging());
      update.compact(files, forgotten);
      // Without images of its input, the snapshot is not that of the input any more.
      String inputDigest = forgotten.isEmpty() ? before.inputDigest() : "";
      FeatureManifest after =
          update.publish(publisher, inputDigest, before.limits(), before.rejectedByReason());
      LOG.info("Compacted {}: {} files to {}", date, before.files().size(), after.files().size());
      return new Compaction(date, after.imageCount(), before.files().size(), after.files().size());
    }
  }

  /**
   * Drops snapshots that are older than some days and have a newer one, images that have been
   * absent from the catalogue for as long, and files that no snapshot has used for some time or
   * that killed runs left behind.
   *
   * @param today the day that ages are counted to
   * @param days age in days; 0: neither snapshots nor images are dropped
   * @param keepImages no image is dropped where fewer would remain
   * @param graceMs time for which unused files are kept, ms: longer than any extraction or training
   */
  public Expiry expire(LocalDate today, int days, long keepImages, long graceMs)
      throws IOException {
    List<String> snapshots = new ArrayList<>();
    long images = 0;
    UnusedFiles unused = new UnusedFiles(conf, store, clock);
    if (days > 0 && store.newestDate().isPresent()) {
      String first = today.minusDays(days).toString();
      images = expireImages(first, keepImages);
      String newest = newestDate();
      for (String date : store.dates()) {
        if (date.compareTo(first) < 0 && !date.equals(newest)) {
          unused.retire(date);
          snapshots.add(date);
        }
      }
    }
    UnusedFiles.Deleted deleted = unused.delete(graceMs);
    LOG.info("Expired: snapshots {}, {} images, {} files", snapshots, images, deleted.files());
    return new Expiry(List.copyOf(snapshots), images, deleted.files(), deleted.bytes());
  }

  /** Those that have been absent longest first, until as few remain as are to be kept. */
  private long expireImages(String firstDay, long keepImages) throws IOException {
    String date = newestDate();
    FeatureBase base = FeatureBase.of(conf, store, date, Verification.LENGTHS);
    List<IndexEntry> old =
        base.entries().stream()
            .filter(entry -> entry.hasVector() && !entry.absentSince().isEmpty())
            .filter(entry -> entry.absentSince().compareTo(firstDay) < 0)
            .sorted(
                Comparator.comparing(IndexEntry::absentSince).thenComparing(IndexEntry::imageId))
            .limit(Math.max(0, base.imageCount() - keepImages))
            .toList();
    if (old.isEmpty()) {
      return 0;
    }
    requireIntact(date, base);
    FeatureManifest before = store.manifest(date);
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, store.partition(date))) {
      FeatureUpdate update =
          new FeatureUpdate(conf, store, base, base.extractor(), date, publisher.staging());
      old.forEach(entry -> update.forget(entry.imageId()));
      update.publish(publisher, before.inputDigest(), before.limits(), before.rejectedByReason());
    }
    return old.size();
  }

  /** What is damaged is for an extraction to replace; here nothing may get lost. */
  private void requireIntact(String date, FeatureBase base) {
    if (base.losesUnnamed()) {
      throw FeatureFileReader.corrupt(
          store.partition(date), "files of its snapshot and the index are damaged", null);
    }
    if (!base.lost().isEmpty()) {
      IndexEntry lost = base.lost().get(0);
      throw FeatureFileReader.corrupt(
          FeatureManifest.resolve(store.partition(date), lost.file()),
          "it is damaged, and image " + lost.imageId() + " is in it",
          null);
    }
  }

  private String newestDate() throws IOException {
    return store
        .newestDate()
        .orElseThrow(
            () ->
                new DicmException(
                    ErrorCode.INPUT_MISSING,
                    "Cannot maintain image vectors: there is no snapshot in "
                        + store.directory()
                        + "."));
  }
}
