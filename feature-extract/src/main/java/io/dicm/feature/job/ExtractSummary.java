package io.dicm.feature.job;

import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * What an extraction did.
 *
 * @param extractorId the extractor, which names the store
 * @param partition the published partition
 * @param images images in the day's snapshot, those included that the catalogue no longer has
 * @param extracted images whose vector was computed now
 * @param reused images whose file was read, and whose bytes the store had a vector of
 * @param skipped unknown image files that were not read because they are older than {@code
 *     dicm.extract.since}
 * @param lost images whose vectors were in damaged files of the store, and that the catalogue does
 *     not have any more: nothing could bring them back
 * @param rejectedByReason images without a vector, by {@code RejectionReason}
 * @param alreadyThere whether no image had to be read, so that there was no job
 * @param randomWeights whether the network's weights were random, so that the vectors are good for
 *     trying things only
 * @param seconds time it took
 */
public record ExtractSummary(
    String extractorId,
    Path partition,
    long images,
    long extracted,
    long reused,
    long skipped,
    long lost,
    Map<String, Long> rejectedByReason,
    boolean alreadyThere,
    boolean randomWeights,
    double seconds) {
  /** How people are told of {@link #randomWeights}. */
  public static final String RANDOM_WEIGHTS = "VGG16 weights are random";

  /** Images without a vector. */
  public long rejected() {
    return rejectedByReason.values().stream().mapToLong(Long::longValue).sum();
  }
}
