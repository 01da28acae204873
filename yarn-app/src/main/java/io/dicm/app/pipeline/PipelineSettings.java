package io.dicm.app.pipeline;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What one application does: which stages, on which input, for which day and run.
 *
 * @param name shown in YARN's list of applications
 * @param input the input directory; null when no stage reads it
 * @param workspace where outputs are published
 * @param date the day, YYYY-MM-DD, of the dt partition
 * @param run the run partition: letters, digits, '-', '_'
 * @param stages at least one, in the order in which they run
 */
public record PipelineSettings(
    String name, Path input, Workspace workspace, String date, String run, List<StageName> stages) {
  private static final String NAME = "dicm.internal.pipeline-name";
  private static final String STAGES = "dicm.internal.stages";
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Checks the invariants above; a violation is a {@link ErrorCode#CONFIGURATION_INVALID}. */
  public PipelineSettings {
    try {
      LocalDate.parse(date);
    } catch (DateTimeException e) {
      throw invalid("date", date, "a day as YYYY-MM-DD", e);
    }
    if (!isRunName(run)) {
      throw invalid("run", run, "1 to 64 letters, digits, '-' and '_'", null);
    }
    if (stages.isEmpty()) {
      throw invalid(
          "stages", "empty", "at least one of " + StageName.labels(StageName.all()), null);
    }
    stages = stages.stream().distinct().sorted().toList();
  }

  /** Whether a text can be a run's name; no path with a '/' or '.' in it is. */
  public static boolean isRunName(String text) {
    return RUN.matcher(text).matches();
  }

  /** Whether a stage is among those to run. */
  public boolean runs(StageName stage) {
    return stages.contains(stage);
  }

  /** Sets the keys from which {@link #from} makes equal settings. */
  public void addTo(Configuration conf) {
    conf.set(NAME, name);
    conf.set(STAGES, StageName.labels(stages));
    if (input != null) {
      conf.set(DicmKeys.INPUT_PATH, input.toString());
    }
    conf.set(DicmKeys.WORKSPACE_PATH, workspace.root().toString());
    conf.set(DicmKeys.RUN_DATE, date);
    conf.set(DicmKeys.RUN_ID, run);
  }

  /** The settings that a configuration carries. */
  public static PipelineSettings from(Configuration hadoop) {
    DicmConfiguration conf = DicmConfiguration.of(hadoop);
    String input = conf.text(DicmKeys.INPUT_PATH);
    return new PipelineSettings(
        conf.text(NAME),
        input.isEmpty() ? null : new Path(input),
        new Workspace(conf.path(DicmKeys.WORKSPACE_PATH)),
        conf.required(DicmKeys.RUN_DATE),
        conf.required(DicmKeys.RUN_ID),
        StageName.parse(conf.required(STAGES)));
  }

  private static DicmException invalid(String what, String value, String allowed, Exception cause) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot run the pipeline: its "
            + what
            + " was '"
            + value
            + "', allowed is "
            + allowed
            + ".",
        cause);
  }
}
