package io.dicm.app.client;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * The Oozie action that runs this process, if one does. Oozie ends what an action has started by
 * the tag that it gives the action: without it an application outlives its killed workflow.
 */
final class OozieAction {
  /** Oozie's variable with the name of the action's configuration file, on this machine. */
  static final String FILE_VARIABLE = "OOZIE_ACTION_CONF_XML";

  /** Our workflows' variable with the ID of the workflow's job and how many times it was run. */
  static final String RUN_VARIABLE = "DICM_OOZIE_RUN";

  private static final String RUN_TAG = "dicm_oozie_run_";
  private static final String TAGS = "oozie.child.mapreduce.job.tags";

  private OozieAction() {}

  /**
   * A tag for what an action does in one run of its workflow; empty outside our workflows. Oozie's
   * own tags name the action alone: a coordinator's day that is run again has the same.
   */
  static Optional<String> runTag(Map<String, String> environment) {
    String run = environment.getOrDefault(RUN_VARIABLE, "").trim();
    return run.isEmpty() ? Optional.empty() : Optional.of(RUN_TAG + run.toLowerCase(Locale.ROOT));
  }

  /**
   * Tags for all that the action starts; empty outside Oozie.
   *
   * @param environment of this process
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} when Oozie names a file that is
   *     not there
   */
  static Collection<String> tags(Map<String, String> environment) {
    String file = environment.getOrDefault(FILE_VARIABLE, "");
    if (file.isEmpty()) {
      return Set.of();
    }
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot submit: %s names %s, which cannot be read; without the action's tag a killed workflow would not kill the application."
              .formatted(FILE_VARIABLE, file));
    }
    Configuration action = new Configuration(false);
    action.addResource(new org.apache.hadoop.fs.Path(path.toUri()));
    return action.getTrimmedStringCollection(TAGS);
  }
}
