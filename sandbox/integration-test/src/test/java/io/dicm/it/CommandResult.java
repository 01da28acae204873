package io.dicm.it;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a process ended.
 *
 * @param exitStatus its exit status
 * @param output its standard output
 * @param errors its standard error
 */
record CommandResult(int exitStatus, String output, String errors) {
  /** The {@code key=value} lines of the output. */
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String line : output.lines().toList()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        properties.put(line.substring(0, equals).trim(), line.substring(equals + 1).trim());
      }
    }
    return properties;
  }
}
