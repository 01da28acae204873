package io.dicm.app.cli;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Properties that a run brings with it: they win over site files, the command line wins over them.
 */
final class RunProperties {
  private static final String COMMAND_LINE = "from command line";

  private RunProperties() {}

  /**
   * Sets what the command line did not.
   *
   * @param source where the properties come from, as Hadoop names it in a key's sources
   */
  static void apply(Configuration conf, Map<String, String> properties, String source) {
    properties.forEach(
        (key, value) -> {
          if (!isOnCommandLine(conf, key)) {
            conf.set(key, value, source);
          }
        });
  }

  /** Whether a key was given with {@code -D}. */
  static boolean isOnCommandLine(Configuration conf, String key) {
    return isFrom(conf, key, COMMAND_LINE);
  }

  /** Whether a key's value comes from this source, as Hadoop names it. */
  static boolean isFrom(Configuration conf, String key, String source) {
    String[] sources = conf.getPropertySources(key);
    return sources != null && sources.length > 0 && sources[sources.length - 1].equals(source);
  }
}
