package io.dicm.common.process;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/** Java options that a user adds to every process of an application. */
public final class JavaOptions {
  /** What no shell changes: YARN starts containers by one. */
  private static final Pattern PLAIN = Pattern.compile("-[A-Za-z0-9_.,:=+/@%-]+");

  /** What the memory plan of a container decides: sizes, and the collector that they are for. */
  private static final Pattern PLANNED =
      Pattern.compile(
          "-Xm[sx].*|-XX:(Max|Initial|Min)HeapSize=.*|-XX:MaxDirectMemorySize=.*|-XX:[+-]Use\\w*GC");

  private JavaOptions() {}

  /**
   * Those of {@code dicm.yarn.java-options}, in order.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for one that a shell would change
   *     or that the memory plan decides
   */
  public static List<String> of(Configuration conf) {
    String text = conf.getTrimmed(DicmKeys.YARN_JAVA_OPTIONS, "");
    if (text.isEmpty()) {
      return List.of();
    }
    List<String> options = List.of(text.split("\\s+"));
    for (String option : options) {
      if (!PLAIN.matcher(option).matches()) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "%s was '%s': '%s' is no Java option of letters, digits and _.,:=+/@%%- alone."
                .formatted(DicmKeys.YARN_JAVA_OPTIONS, text, option));
      }
      if (PLANNED.matcher(option).matches()) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "%s was '%s': %s is for the memory plan to decide. Set a container's memory instead, such as %s."
                .formatted(
                    DicmKeys.YARN_JAVA_OPTIONS, text, option, DicmKeys.YARN_WORKER_MEMORY_MB));
      }
    }
    return options;
  }
}
