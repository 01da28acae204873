package io.dicm.feature.store;

import io.dicm.common.key.Buckets;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Merges files of the store, each in {@link BucketOrder}, into one in that order. Holds one row
 * group of each file. Not safe for use by many threads.
 */
final class FileMerge implements Closeable {
  private final List<Source> sources = new ArrayList<>();
  private final PriorityQueue<Source> next =
      new PriorityQueue<>((a, b) -> BucketOrder.compare(a.key(), b.key()));

  /** A file at its next wanted row. */
  private static final class Source {
    private final FeatureFileReader reader;
    private final LongPredicate wanted;

    private Source(FeatureFileReader reader, LongPredicate wanted) {
      this.reader = reader;
      this.wanted = wanted;
    }

    private boolean advance() throws IOException {
      while (reader.next()) {
        if (wanted.test(reader.imageKey())) {
          return true;
        }
        reader.skip();
      }
      return false;
    }

    private long key() {
      return reader.imageKey();
    }
  }

  /**
   * Adds a file.
   *
   * @param wanted which of its rows are, by image key
   */
  void add(
      Configuration conf,
      Path path,
      FeatureFile file,
      ExtractorDescription extractor,
      LongPredicate wanted)
      throws IOException {
    Source source = new Source(FeatureFileReader.open(conf, path, file, extractor), wanted);
    sources.add(source);
    if (source.advance()) {
      next.add(source);
    }
  }

  /** Gives all rows in order. */
  void run(FeaturePart.FeatureConsumer consumer) throws IOException {
    while (!next.isEmpty()) {
      Source source = next.poll();
      consumer.accept(source.reader.read());
      if (source.advance()) {
        next.add(source);
      }
    }
  }

  /** Whether a bucket belongs into one of a number of files. */
  static boolean belongs(long imageKey, int file, int files) {
    return Buckets.of(imageKey) % files == file;
  }

  @Override
  public void close() throws IOException {
    for (Source source : sources) {
      source.reader.close();
    }
  }
}
