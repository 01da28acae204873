package io.dicm.trainer.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Everything that an evaluation found: {@code _evaluation.json} in a metrics partition.
 *
 * @param metrics of all impressions by name, as {@link Metrics#values}
 * @param intervals of those metrics that have one, by name
 * @param slices all impressions first, then the parts in the order of {@link Slice}; parts without
 *     impressions are left out
 * @param deciles of all impressions, from the lowest probabilities on, empty ones left out
 * @param impressionsDigest equal for two evaluations of the same impressions and labels, whatever
 *     their order and scores
 * @param bootstrapReplicates replicates behind the intervals, 0 for none
 */
public record Evaluation(
    Map<String, Double> metrics,
    Map<String, Interval> intervals,
    List<SliceMetrics> slices,
    List<Decile> deciles,
    @JsonProperty("impressions_digest") String impressionsDigest,
    @JsonProperty("bootstrap_replicates") int bootstrapReplicates) {
  /** The file's name in a metrics partition; hidden by its name from Hive. */
  public static final String FILE = "_evaluation.json";

  public Evaluation {
    metrics = Map.copyOf(metrics);
    intervals = Map.copyOf(intervals);
    slices = List.copyOf(slices);
    deciles = List.copyOf(deciles);
  }

  /**
   * Reads the evaluation of a metrics partition.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is none or it is not readable
   */
  public static Evaluation read(Configuration conf, Path metricsDirectory) {
    return new JsonFiles(conf)
        .read(new Path(metricsDirectory, FILE), Evaluation.class, ErrorCode.INPUT_MISSING);
  }

  /** Writes the file into a directory. */
  public void write(Configuration conf, Path metricsDirectory) throws IOException {
    new JsonFiles(conf).write(new Path(metricsDirectory, FILE), this);
  }

  /** A metric of all impressions, or not a number when they do not define it. */
  public double metric(String name) {
    return metrics.getOrDefault(name, Double.NaN);
  }

  /** One part of the impressions, if it has any. */
  public Optional<SliceMetrics> slice(String slice, String value) {
    return slices.stream()
        .filter(part -> part.slice().equals(slice) && part.value().equals(value))
        .findFirst();
  }
}
