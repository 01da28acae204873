package io.dicm.feature.store;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A snapshot that is being made from an earlier one: files that are new, images whose vector is
 * replaced, moved or forgotten. Nothing is visible before {@link #publish}. Not safe for use by
 * many threads.
 */
public final class FeatureUpdate {
  private final Configuration conf;
  private final FeatureBase base;
  private final ExtractorDescription extractor;
  private final Path partition;
  private final Path staging;
  private final FileSystem fs;
  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final List<FeatureFile> newFiles = new ArrayList<>();
  private final Map<Long, IndexEntry> changed = new TreeMap<>(BucketOrder::compare);
  private final Map<String, SortedSet<Long>> newlyReplaced = new HashMap<>();
  private final FeatureMoments newMoments;
  private boolean compacted;

  /**
   * @param staging directory of the new files, {@code publisher.staging()}
   * @param date of the new snapshot, YYYY-MM-DD
   */
  public FeatureUpdate(
      Configuration conf,
      FeatureStore store,
      FeatureBase base,
      ExtractorDescription extractor,
      String date,
      Path staging)
      throws IOException {
    this.conf = conf;
    this.base = base;
    this.extractor = extractor;
    this.partition = store.partition(date);
    this.staging = staging;
    this.fs = staging.getFileSystem(conf);
    this.newMoments = new FeatureMoments(extractor.dimension());
    base.lost()
        .forEach(entry -> changed.put(entry.imageKey(), IndexEntry.forgotten(entry.imageId())));
  }

  /**
   * Adds a file of new vectors, each of which replaces an earlier one of its image. The file gets a
   * name that no earlier one of the day has.
   *
   * @param written directly in the staging directory
   * @param source the picture's file of an image_id
   * @throws DicmException {@link ErrorCode#IMAGE_KEY_COLLISION}
   */
  public void add(WrittenFile written, Function<String, SourceFile> source) throws IOException {
    FeatureFile file = rename(written);
    new FeatureKeyReader(conf, new Path(staging, localName(file.name())), file, extractor)
        .scan(
            (imageId, imageKey, digest) ->
                put(IndexEntry.stored(imageId, digest, file.name(), source.apply(imageId))));
  }

  /**
   * Moves all vectors of the base into new files of whole buckets, in place of all others.
   *
   * @param files number of new files; those without any vector are not written
   * @param forgotten image_ids whose vectors are left out
   */
  void compact(int files, Set<String> forgotten) throws IOException {
    compacted = true;
    Set<Long> forgottenKeys = new HashSet<>();
    for (String imageId : forgotten) {
      base.find(imageId).ifPresent(entry -> forgottenKeys.add(entry.imageKey()));
    }
    for (int file = 0; file < files; file++) {
      Path path = new Path(staging, "part-compacted-" + ParquetTables.partName(file).substring(5));
      WrittenFile written = merge(path, file, files, forgottenKeys);
      if (written.file().rows() > 0) {
        addCompacted(written);
      } else {
        fs.delete(path, false);
      }
    }
    for (long key : forgottenKeys) {
      changed.put(key, IndexEntry.forgotten(base.at(key).imageId()));
    }
  }

  private WrittenFile merge(Path path, int file, int files, Set<Long> forgottenKeys)
      throws IOException {
    try (FileMerge merge = new FileMerge();
        FeatureStoreWriter writer = new FeatureStoreWriter(conf, path, extractor)) {
      for (FeatureFile source : base.files()) {
        if (source.holdsAny(bucket -> FileMerge.belongs(bucket, file, files))) {
          merge.add(
              conf,
              FeatureManifest.resolve(partition, source.name()),
              source,
              extractor,
              key ->
                  FileMerge.belongs(key, file, files)
                      && !base.replaced().contains(source.name(), key)
                      && !forgottenKeys.contains(key));
        }
      }
      merge.run(writer::write);
      return writer.finish();
    }
  }

  private void addCompacted(WrittenFile written) throws IOException {
    FeatureFile file = rename(written);
    new FeatureKeyReader(conf, new Path(staging, localName(file.name())), file, extractor)
        .scan(
            (imageId, imageKey, digest) ->
                changed.put(imageKey, base.find(imageId).orElseThrow().movedTo(file.name())));
  }

  /**
   * What is known of an image from now on. A vector that it had in another file is replaced.
   *
   * @throws DicmException {@link ErrorCode#IMAGE_KEY_COLLISION} when another image has its key
   */
  public void put(IndexEntry entry) {
    IndexEntry known = base.at(entry.imageKey());
    if (known != null && !known.imageId().equals(entry.imageId())) {
      throw ImageKeyCollision.of(known.imageId(), entry.imageId(), entry.imageKey());
    }
    if (known != null && known.hasVector() && !known.file().equals(entry.file())) {
      newlyReplaced.computeIfAbsent(known.file(), file -> new TreeSet<>()).add(entry.imageKey());
    }
    changed.put(entry.imageKey(), entry);
  }

  /** Makes the snapshot not have an image, if it has it. */
  public void forget(String imageId) {
    if (base.find(imageId).isPresent()) {
      put(IndexEntry.forgotten(imageId));
    }
  }

  /** Whether the new snapshot has nothing that the base does not have, and lacks nothing. */
  public boolean isEmpty() {
    return changed.isEmpty() && newFiles.isEmpty();
  }

  /**
   * Makes the snapshot readable, in one step. An earlier snapshot of the day stays readable for
   * those who opened it.
   *
   * @param inputDigest digest of the listing of the day's images; empty: not from files, or some of
   *     them are to be tried again
   * @param limits the limits that decided which images were rejected; empty: not one for all
   * @param rejectedByReason images of the day without a vector, by reason
   * @throws DicmException {@link ErrorCode#OUTPUT_EXISTS} when somebody else has published the day
   *     since the base was read
   */
  public FeatureManifest publish(
      DirectoryPublisher publisher,
      String inputDigest,
      String limits,
      Map<String, Long> rejectedByReason)
      throws IOException {
    Map<String, SortedSet<Long>> replaced = compacted ? new HashMap<>() : base.replaced().byFile();
    (compacted ? new HashMap<String, SortedSet<Long>>() : newlyReplaced)
        .forEach(
            (file, keys) -> replaced.computeIfAbsent(file, name -> new TreeSet<>()).addAll(keys));
    List<FeatureFile> files = files(replaced);
    FeatureMoments moments = moments();
    FeatureManifest manifest =
        new FeatureManifest(
            FeatureManifest.FORMAT_VERSION,
            extractor,
            System.currentTimeMillis(),
            inputDigest,
            moments.count(),
            rejectedByReason.values().stream().mapToLong(Long::longValue).sum(),
            Map.copyOf(rejectedByReason),
            files,
            moments.sum(),
            moments.sumOfSquares(),
            writeIndexes(),
            writeReplaced(ReplacedRows.of(replaced)),
            limits);
    checkCount(manifest);
    manifest.write(conf, staging);
    new PartitionCommit(conf, partition, id).publish(publisher, manifest, base.published());
    return manifest;
  }

  /** The base's files that still have something of it, then the new ones. */
  private List<FeatureFile> files(Map<String, SortedSet<Long>> replaced) {
    List<FeatureFile> files = new ArrayList<>();
    for (FeatureFile file : compacted ? List.<FeatureFile>of() : base.files()) {
      FeatureFile now = file.replacing(newlyReplaced.getOrDefault(file.name(), new TreeSet<>()));
      if (now.liveRows() > 0) {
        files.add(now);
      } else {
        replaced.remove(file.name());
      }
    }
    files.addAll(newFiles);
    return files;
  }

  /** Sums of the base less those of the replaced vectors, which are read for it. */
  private FeatureMoments moments() throws IOException {
    if (compacted) {
      return newMoments;
    }
    FeatureMoments moments = base.moments();
    for (Map.Entry<String, SortedSet<Long>> file : newlyReplaced.entrySet()) {
      FeatureMoments gone = new FeatureMoments(extractor.dimension());
      Set<Long> keys = new HashSet<>(file.getValue());
      base.read(file.getKey(), keys, image -> gone.add(image.feature()));
      if (gone.count() != keys.size()) {
        throw FeatureFileReader.corrupt(
            FeatureManifest.resolve(partition, file.getKey()),
            "it has " + gone.count() + " of " + keys.size() + " images that the index names",
            null);
      }
      moments.subtract(gone);
    }
    moments.add(newMoments);
    return moments;
  }

  /** A new file for what changed; all in one where the base has no index or it was compacted. */
  private List<SideFile> writeIndexes() throws IOException {
    boolean whole = compacted || base.indexes().isEmpty();
    Collection<IndexEntry> rows = whole ? sortedEntries() : changed.values();
    List<SideFile> indexes = new ArrayList<>(whole ? List.of() : base.indexes());
    if (!rows.isEmpty()) {
      Path file = new Path(staging, IndexFile.PREFIX + id + ".parquet");
      IndexFile.write(conf, file, rows);
      indexes.add(SideFile.of(conf, file, partition.getName() + "/" + file.getName(), rows.size()));
    }
    return indexes;
  }

  /** What the new snapshot knows, in the store's order. */
  private List<IndexEntry> sortedEntries() {
    return entries().sorted((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey())).toList();
  }

  /** The same in no order, without a copy. */
  private Stream<IndexEntry> entries() {
    return Stream.concat(
            base.entries().stream().filter(entry -> !changed.containsKey(entry.imageKey())),
            changed.values().stream())
        .filter(entry -> entry.hasVector() || entry.wasRejected());
  }

  private SideFile writeReplaced(ReplacedRows rows) throws IOException {
    if (rows.count() == 0) {
      return null;
    }
    Path file = new Path(staging, ReplacedRows.PREFIX + id + ".parquet");
    rows.write(conf, file);
    return SideFile.of(conf, file, partition.getName() + "/" + file.getName(), rows.count());
  }

  private FeatureFile rename(WrittenFile written) throws IOException {
    FeatureFile file = written.file();
    String name = file.name().replaceFirst("\\.parquet$", "-" + id + ".parquet");
    if (!fs.rename(new Path(staging, file.name()), new Path(staging, name))) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot rename " + file.name() + " in " + staging + ": the file system refused.");
    }
    FeatureFile named = file.named(partition.getName() + "/" + name);
    newFiles.add(named);
    newMoments.add(new FeatureMoments(file.rows(), written.sum(), written.sumOfSquares()));
    return named;
  }

  private static String localName(String name) {
    return name.substring(name.indexOf('/') + 1);
  }

  /** Rows, sums and index are counted in three ways, which must agree. */
  private void checkCount(FeatureManifest manifest) {
    long rows = manifest.files().stream().mapToLong(FeatureFile::liveRows).sum();
    long known = entries().filter(IndexEntry::hasVector).count();
    if (rows != manifest.imageCount() || known != rows) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot publish image vectors: files have "
              + rows
              + " images, sums "
              + manifest.imageCount()
              + ", the index "
              + known
              + ".");
    }
  }
}
