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

  private FeatureBase(Loading loading) {
    this.conf = loading.conf;
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
   * The newest snapshot of a day or an earlier one that can be read at all; none of them: an empty
   * one. What is damaged costs time, not the extraction.
   *
   * @param date YYYY-MM-DD
   * @param extractor of an empty one
   */
  public static FeatureBase load(
      Configuration conf,
      FeatureStore store,
      String date,
      ExtractorDescription extractor,
      Verification verification)
      throws IOException {
    List<String> dates = store.dates().stream().filter(day -> day.compareTo(date) <= 0).toList();
    for (int i = dates.size() - 1; i >= 0; i--) {
      try {
        return of(conf, store, dates.get(i), verification);
      } catch (IOException | RuntimeException e) {
        // Damaged bytes may confuse Parquet's reader in any way.
        LOG.warn("Building on an earlier day: that of {} cannot be read", dates.get(i), e);
      }
    }
    return empty(conf, store.partition(date), extractor);
  }

  /** Nothing is known. */
  static FeatureBase empty(Configuration conf, Path partition, ExtractorDescription extractor) {
    return new FeatureBase(new Loading(conf, Optional.empty(), partition, extractor));
  }

  /**
   * The snapshot of a day.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} when not even its manifest is whole
   */
  static FeatureBase of(
      Configuration conf, FeatureStore store, String date, Verification verification)
      throws IOException {
    FeatureManifest manifest = store.manifest(date);
    Loading loading =
        new Loading(conf, Optional.of(date), store.partition(date), manifest.extractor());
    loading.read(manifest, verification);
    return new FeatureBase(loading);
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

  /** Whether all that the snapshot knew is here: neither its files nor its index are damaged. */
  public boolean isWhole() {
    return lost.isEmpty() && !indexes.isEmpty();
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
      readIndex(manifest);
      FileChecks checks = new FileChecks(conf, partition, verification);
      Set<String> damaged = new HashSet<>();
      for (FeatureFile file : files) {
        checks
            .problem(file)
            .ifPresent(
                problem -> {
                  LOG.warn(
                      "Images of a file are to be extracted again: {} {}", file.name(), problem);
                  damaged.add(file.name());
                });
      }
      if (!damaged.isEmpty()) {
        leaveOut(damaged);
      }
    }

    private void readIndex(FeatureManifest manifest) throws IOException {
      try {
        for (SideFile index : manifest.indexes()) {
          IndexFile.read(conf, index.verified(conf, partition), this::put);
          indexes.add(index.named(FeatureManifest.qualified(partition, index.name())));
        }
      } catch (DicmException e) {
        LOG.warn("Making the index anew: {}", e.getMessage());
        indexes.clear();
      }
      if (indexes.isEmpty() && !files.isEmpty()) {
        makeIndex();
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
    private void makeIndex() throws IOException {
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
        } catch (IOException | DicmException e) {
          LOG.warn("Cannot read which images {} has: {}", path, e.getMessage());
        }
      }
    }

    /** Sums cannot be parted by file once rows are replaced: the rest is read anew. */
    private void leaveOut(Set<String> damaged) {
      while (!tryLeaveOut(damaged)) {
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
    private boolean tryLeaveOut(Set<String> damaged) {
      moments = new FeatureMoments(extractor.dimension());
      for (FeatureFile file : files) {
        if (damaged.contains(file.name())) {
          continue;
        }
        try {
          new PartitionFile(conf, partition, extractor, file, file.name(), replaced)
              .scan(bucket -> true, image -> moments.add(image.feature()));
        } catch (IOException | RuntimeException e) {
          LOG.warn("Images of a file are to be extracted again: {}", file.name(), e);
          damaged.add(file.name());
          return false;
        }
      }
      return true;
    }
  }
}
