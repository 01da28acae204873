package io.dicm.app.client;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * The Oozie action that runs this process, if one does. Oozie ends what an action has started by
 * the tag that it gives the action: without it an application outlives its killed workflow.
 */
final class OozieAction {
  /** Oozie's variable with the name of the action's configuration file, on this machine. */
  static final String FILE_VARIABLE = "OOZIE_ACTION_CONF_XML";

  private static final String TAGS = "oozie.child.mapreduce.job.tags";

  private OozieAction() {}

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
