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
            new Path(listing.directory(), entry.source().name()).toString(),
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

  private String example(IndexEntry entry) {
    return entry.source().name() + " (" + entry.rejection() + ": " + entry.rejectionDetail() + ")";
  }
}
