package io.dicm.app.pipeline;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.fs.Path;

/** Where the samples are that a run trains on and predicts: its own or another run's. */
public final class RunSamples {
  private RunSamples() {}

  /**
   * The samples directory.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when {@code dicm.samples.run} is
   *     no run's name
   */
  public static Path directory(DicmConfiguration conf, PipelineSettings settings) {
    return settings.workspace().samples(run(conf, settings));
  }

  /** The name of the run that made them; errors as {@link #directory}. */
  public static String run(DicmConfiguration conf, PipelineSettings settings) {
    String other = conf.text(DicmKeys.SAMPLES_RUN);
    if (other.isEmpty()) {
      return settings.run();
    }
    if (!PipelineSettings.isRunName(other)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s: was '%s', allowed is a run's name of 1 to 64 letters, digits, '-' and '_'."
              .formatted(DicmKeys.SAMPLES_RUN, other));
    }
    return other;
  }

  /**
   * Refuses to make samples where another run's are to be read.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static void checkSettings(DicmConfiguration conf, PipelineSettings settings) {
    directory(conf, settings);
    String other = conf.text(DicmKeys.SAMPLES_RUN);
    if (settings.runs(StageName.SAMPLES) && !other.isEmpty() && !other.equals(settings.run())) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot make samples of run '%s': %s says that those of run '%s' are used. Leave out the stage samples or the key."
              .formatted(settings.run(), DicmKeys.SAMPLES_RUN, other));
    }
  }
}
