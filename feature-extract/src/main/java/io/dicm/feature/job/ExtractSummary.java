package io.dicm.feature.job;

import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * What an extraction did.
 *
 * @param extractorId the extractor, which names the store
 * @param partition the published partition
 * @param images images in the partition
 * @param extracted images whose vector was computed now; the others' pictures had not changed since
 *     an earlier extraction
 * @param rejectedByReason images without a vector, by {@code RejectionReason}
 * @param alreadyThere whether nothing was done because the same input had been extracted before
 * @param randomWeights whether the network's weights were random, so that the vectors are good for
 *     trying things only
 * @param seconds time it took
 */
public record ExtractSummary(
    String extractorId,
    Path partition,
    long images,
    long extracted,
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
