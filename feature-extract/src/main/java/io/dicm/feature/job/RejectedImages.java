package io.dicm.feature.job;

import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.store.IndexEntry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A day's images without a vector: those that the job rejected, and those that earlier jobs
 * rejected and whose files are as they were then.
 *
 * @param known rejected earlier
 * @param now rejected by this day's job
 */
record RejectedImages(List<IndexEntry> known, StagedParts now) {
  private static final String KNOWN_FILE = "known.jsonl";

  static RejectedImages of(List<IndexEntry> known, StagedParts now) {
    return new RejectedImages(List.copyOf(known), now);
  }

  /** Writes the earlier ones beside those that the job wrote. */
  void writeKnown(Configuration conf, ImageListing listing, Path directory) throws IOException {
    try (RejectsWriter writer = new RejectsWriter(conf, new Path(directory, KNOWN_FILE))) {
      for (IndexEntry entry : known) {
        writer.write(
            entry.imageId(),
            place(listing.source().location(), entry),
            new RejectedImage(RejectionReason.valueOf(entry.rejection()), entry.rejectionDetail()));
      }
    }
  }

  /** Number of images. */
  long count() {
    return known.size() + now.rejected();
  }

  /** Images by reason. */
  Map<String, Long> byReason() {
    Map<String, Long> sums = new TreeMap<>(now.rejectedByReason());
    known.forEach(entry -> sums.merge(entry.rejection(), 1L, Long::sum));
    return sums;
  }

  /** A few of them, each with its reason. */
  List<String> examples(int most) {
    return Stream.concat(now.rejectExamples(most).stream(), known.stream().map(this::example))
        .limit(most)
        .toList();
  }

  private static String place(Path location, IndexEntry entry) {
    String name = entry.source().name();
    Path file = name.isEmpty() ? location : new Path(location, name);
    return isOneOfMany(entry) ? file + "#" + entry.imageId() : file.toString();
  }

  private static String name(IndexEntry entry) {
    return isOneOfMany(entry)
        ? entry.source().name() + "#" + entry.imageId()
        : entry.source().name();
  }

  /** Only a picture that is a file has a length in the index. */
  private static boolean isOneOfMany(IndexEntry entry) {
    return entry.source().length() < 0;
  }

  private String example(IndexEntry entry) {
    return name(entry) + " (" + entry.rejection() + ": " + entry.rejectionDetail() + ")";
  }
}
