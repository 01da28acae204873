package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a new snapshot is built on: an earlier one with its index in memory (about 400 bytes an
 * image), without files that turned out to be damaged. Immutable; safe for use by many threads.
 */
public final class FeatureBase {
  private static final Logger LOG = LoggerFactory.getLogger(FeatureBase.class);

  private final Configuration conf;
  private final Optional<String> date;
  private final Path partition;
  private final ExtractorDescription extractor;
  private final String limits;
  private final String inputDigest;
  private final List<FeatureFile> files;
  private final List<SideFile> indexes;
  private final ReplacedRows replaced;
  private final FeatureMoments moments;
  private final Map<Long, IndexEntry> entries;
  private final List<IndexEntry> lost;
  private final boolean losesUnnamed;
  private final Optional<String> published;

  private FeatureBase(Loading loading, boolean losesUnnamed, Optional<String> published) {
    this.conf = loading.conf;
    this.losesUnnamed = losesUnnamed || loading.losesUnnamed;
    this.published = published;
    this.date = loading.date;
    this.partition = loading.partition;
    this.extractor = loading.extractor;
    this.limits = loading.limits;
    this.inputDigest = loading.inputDigest;
    this.files = List.copyOf(loading.files);
    this.indexes = List.copyOf(loading.indexes);
    this.replaced = loading.replaced;
    this.moments = loading.moments;
    this.entries = Collections.unmodifiableMap(loading.entries);
    this.lost = List.copyOf(loading.lost);
  }

  /**
   * The newest snapshot of a day or an earlier one that is not damaged; none of them: an empty one.
   * What is damaged for certain costs time, not the extraction.
   *
   * @param date YYYY-MM-DD
   * @param extractor of an empty one
   * @throws IOException when something cannot be read that is not known to be damaged
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} likewise, {@link
   *     ErrorCode#SCHEMA_MISMATCH} when a snapshot has a newer format or is of another extractor
   */
  public static FeatureBase load(
      Configuration conf,
      FeatureStore store,
      String date,
      ExtractorDescription extractor,
      Verification verification)
      throws IOException {
    // Before all else: whoever publishes meanwhile is noticed then.
    Optional<String> published = FeatureManifest.digest(conf, store.partition(date));
    List<String> dates = store.dates().stream().filter(day -> day.compareTo(date) <= 0).toList();
    boolean passedOver = false;
    for (int i = dates.size() - 1; i >= 0; i--) {
      try {
        Loading loading = read(conf, store, dates.get(i), verification);
        return new FeatureBase(loading, passedOver, published);
      } catch (DicmException e) {
        if (!Damage.isProvenBy(e)) {
          throw e;
        }
        LOG.warn("Building on an earlier day: that of {} is damaged", dates.get(i), e);
        passedOver = true;
      }
    }
    Loading nothing = new Loading(conf, Optional.empty(), store.partition(date), extractor);
    return new FeatureBase(nothing, passedOver, published);
  }

  /**
   * The snapshot of a day.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when not even its manifest is whole;
   *     otherwise as {@link #load}
   */
  static FeatureBase of(
      Configuration conf, FeatureStore store, String date, Verification verification)
      throws IOException {
    Optional<String> published = FeatureManifest.digest(conf, store.partition(date));
    return new FeatureBase(read(conf, store, date, verification), false, published);
  }

  private static Loading read(
      Configuration conf, FeatureStore store, String date, Verification verification)
      throws IOException {
    FeatureManifest manifest = store.manifest(date);
    Loading loading =
        new Loading(conf, Optional.of(date), store.partition(date), manifest.extractor());
    loading.read(manifest, verification);
    return loading;
  }

  /** Day of the snapshot; none: nothing is known. */
  public Optional<String> date() {
    return date;
  }

  /** What made its vectors. */
  public ExtractorDescription extractor() {
    return extractor;
  }

  /** Vectors in it. */
  public long imageCount() {
    return moments.count();
  }

  /** Digest of the input that it was made from; empty: none. */
  public String inputDigest() {
    return inputDigest;
  }

  /** The limits that its rejections are due to. */
  public String limits() {
    return limits;
  }

  /** What is known of an image, whether it has a vector or was rejected. */
  public Optional<IndexEntry> find(String imageId) {
    return Optional.ofNullable(entries.get(Fingerprints.imageKey(imageId)))
        .filter(entry -> entry.imageId().equals(imageId));
  }

  /** All that is known, in no order. */
  public Collection<IndexEntry> entries() {
    return entries.values();
  }

  /** Images whose vectors were in files that are damaged; they are not among the others. */
  public List<IndexEntry> lost() {
    return lost;
  }

  /**
   * Whether images are lost of which not even the names are known: those of a snapshot that is
   * damaged as a whole, or of a file that is damaged together with the index.
   */
  public boolean losesUnnamed() {
    return losesUnnamed;
  }

  /**
   * Digest of the manifest that the day had before this was read; nothing: it had none. Another one
   * when the next snapshot is published means that somebody else was quicker.
   */
  Optional<String> published() {
    return published;
  }

  /** Whether all that the snapshot knew is here: neither its files nor its index are damaged. */
  public boolean isWhole() {
    return lost.isEmpty() && !losesUnnamed && !indexes.isEmpty();
  }

  /** Reads the vectors of some images of one file. */
  public void read(String file, Set<Long> imageKeys, FeaturePart.FeatureConsumer consumer)
      throws IOException {
    FeatureFile expected =
        files.stream().filter(known -> known.name().equals(file)).findFirst().orElseThrow();
    new FeatureKeyReader(conf, FeatureManifest.resolve(partition, file), expected, extractor)
        .find(imageKeys, consumer);
  }

  /** What is known of an image key. */
  IndexEntry at(long imageKey) {
    return entries.get(imageKey);
  }

  /** The files by name relative to the extractor's directory, oldest first. */
  List<FeatureFile> files() {
    return files;
  }

  /** Files that together have the index; none: it was made from the vectors' files. */
  List<SideFile> indexes() {
    return indexes;
  }

  /** Rows of the files that are not part of it. */
  ReplacedRows replaced() {
    return replaced;
  }

  /** Sums over its vectors, a copy. */
  FeatureMoments moments() {
    return new FeatureMoments(moments.count(), moments.sum(), moments.sumOfSquares());
  }

  /** Its parts, one a file. */
  List<FeaturePart> parts() {
    return files.stream()
        .<FeaturePart>map(
            file -> new PartitionFile(conf, partition, extractor, file, file.name(), replaced))
        .toList();
  }

  /** A base that is being read. */
  private static final class Loading {
    private final Configuration conf;
    private final Optional<String> date;
    private final Path partition;
    private final ExtractorDescription extractor;
    private final List<FeatureFile> files = new ArrayList<>();
    private final List<SideFile> indexes = new ArrayList<>();
    private final Map<Long, IndexEntry> entries = new HashMap<>();
    private final List<IndexEntry> lost = new ArrayList<>();
    private final Set<String> damaged = new HashSet<>();
    private boolean losesUnnamed;
    private String limits = "";
    private String inputDigest = "";
    private ReplacedRows replaced = ReplacedRows.NONE;
    private FeatureMoments moments;

    private Loading(
        Configuration conf, Optional<String> date, Path partition, ExtractorDescription extractor) {
      this.conf = conf;
      this.date = date;
      this.partition = partition;
      this.extractor = extractor;
      this.moments = new FeatureMoments(extractor.dimension());
    }

    private void read(FeatureManifest manifest, Verification verification) throws IOException {
      limits = manifest.limits();
      inputDigest = manifest.inputDigest();
      replaced = manifest.readReplaced(conf, partition);
      moments = manifest.moments();
      for (FeatureFile file : manifest.files()) {
        files.add(file.named(FeatureManifest.qualified(partition, file.name())));
      }
      FileChecks checks = new FileChecks(conf, partition, verification);
      readIndex(manifest, checks);
      for (FeatureFile file : files) {
        checks.problem(file).ifPresent(problem -> leaveOut(file, problem));
      }
      if (!damaged.isEmpty()) {
        leaveOutDamaged(checks);
      }
    }

    private void leaveOut(FeatureFile file, String problem) {
      if (damaged.add(file.name())) {
        LOG.warn("Images of a file are to be extracted again: {} {}", file.name(), problem);
      }
    }

    /** Leaves out a file that could not be read, if it is damaged. */
    private boolean leavesOut(FeatureFile file, Exception error, FileChecks checks)
        throws IOException {
      Optional<String> damage = checks.damage(file, error);
      damage.ifPresent(problem -> leaveOut(file, problem));
      return damage.isPresent();
    }

    private void readIndex(FeatureManifest manifest, FileChecks checks) throws IOException {
      try {
        for (SideFile index : manifest.indexes()) {
          IndexFile.read(conf, index.verified(conf, partition), this::put);
          indexes.add(index.named(FeatureManifest.qualified(partition, index.name())));
        }
      } catch (DicmException e) {
        if (!Damage.isProvenBy(e)) {
          throw e;
        }
        LOG.warn("Making the index anew: {}", e.getMessage());
        indexes.clear();
      }
      if (indexes.isEmpty() && !files.isEmpty()) {
        makeIndex(checks);
      }
    }

    private void put(IndexEntry entry) {
      if (entry.hasVector() || entry.wasRejected()) {
        entries.put(entry.imageKey(), entry);
      } else {
        entries.remove(entry.imageKey());
      }
    }

    /** From the files themselves: of pictures' files nothing is known then. */
    private void makeIndex(FileChecks checks) throws IOException {
      entries.clear();
      for (FeatureFile file : files) {
        Path path = FeatureManifest.resolve(partition, file.name());
        try {
          new FeatureKeyReader(conf, path, file, extractor)
              .scan(
                  (imageId, imageKey, digest) -> {
                    if (!replaced.contains(file.name(), imageKey)) {
                      put(IndexEntry.stored(imageId, digest, file.name(), SourceFile.UNKNOWN));
                    }
                  });
        } catch (IOException | RuntimeException e) {
          // Damaged bytes may confuse Parquet's reader in any way.
          if (!leavesOut(file, e, checks)) {
            throw e;
          }
          losesUnnamed = true;
        }
      }
    }

    /** Sums cannot be parted by file once rows are replaced: the rest is read anew. */
    private void leaveOutDamaged(FileChecks checks) throws IOException {
      while (!addsUp(checks)) {
        LOG.warn("More files are damaged: {}", damaged);
      }
      files.removeIf(file -> damaged.contains(file.name()));
      Map<String, SortedSet<Long>> rows = replaced.byFile();
      rows.keySet().removeAll(damaged);
      replaced = ReplacedRows.of(rows);
      for (IndexEntry entry : List.copyOf(entries.values())) {
        if (damaged.contains(entry.file())) {
          lost.add(entry);
          entries.remove(entry.imageKey());
        }
      }
    }

    /** False when another file turned out to be damaged, which is then among them. */
    private boolean addsUp(FileChecks checks) throws IOException {
      moments = new FeatureMoments(extractor.dimension());
      for (FeatureFile file : files) {
        if (damaged.contains(file.name())) {
          continue;
        }
        try {
          new PartitionFile(conf, partition, extractor, file, file.name(), replaced)
              .scan(bucket -> true, image -> moments.add(image.feature()));
        } catch (IOException | RuntimeException e) {
          if (!leavesOut(file, e, checks)) {
            throw e;
          }
          return false;
        }
      }
      return true;
    }
  }
}
