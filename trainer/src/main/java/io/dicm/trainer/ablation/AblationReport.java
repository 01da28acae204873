package io.dicm.trainer.ablation;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * All results of an ablation: {@code ablations/name=N/ablation.json}.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param name of the ablation
 * @param date the dt partition of its runs
 * @param protocol how training and test impressions were told apart: time, user or item-holdout
 * @param split the rule in full, as {@code dicm.samples.split} has it
 * @param seeds of the trainings, each variant's
 * @param testImpressions that every variant was tested on
 * @param runs each training's own metrics
 * @param tables over all test impressions
 * @param coldStart gains by slice; empty when not asked for
 * @param controls what the controls say
 */
public record AblationReport(
    @JsonProperty("format_version") int formatVersion,
    String name,
    String date,
    String protocol,
    String split,
    List<Long> seeds,
    @JsonProperty("test_impressions") long testImpressions,
    List<RunMetrics> runs,
    List<ResultTable> tables,
    @JsonProperty("cold_start") List<SliceTable> coldStart,
    List<ControlVerdict> controls) {
  /** Of files written now. */
  public static final int FORMAT_VERSION = 1;

  /** The file's name in the ablation's directory. */
  public static final String FILE = "ablation.json";

  public AblationReport {
    seeds = List.copyOf(seeds);
    runs = List.copyOf(runs);
    tables = List.copyOf(tables);
    coldStart = List.copyOf(coldStart);
    controls = List.copyOf(controls);
  }

  /**
   * Reads an ablation's report.
   *
   * @param directory {@code ablations/name=N}
   * @throws io.dicm.common.error.DicmException {@link ErrorCode#INPUT_MISSING} when there is none
   *     or it is not readable
   */
  public static AblationReport read(Configuration conf, Path directory) {
    return new JsonFiles(conf)
        .read(new Path(directory, FILE), AblationReport.class, ErrorCode.INPUT_MISSING);
  }

  /** Writes it into the ablation's directory, replacing an earlier one. */
  public void write(Configuration conf, Path directory) throws IOException {
    new JsonFiles(conf).publish(new Path(directory, FILE), this);
  }
}
