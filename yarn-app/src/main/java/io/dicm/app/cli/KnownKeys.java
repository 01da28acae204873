package io.dicm.app.cli;

import io.dicm.app.launch.InternalKeys;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.Suggestions;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/** Finds misspelt keys: every {@code dicm.} key must be one of {@link DicmKeys}. */
final class KnownKeys {
  private static final String PREFIX = "dicm.";

  private final Set<String> known = new TreeSet<>();

  KnownKeys() {
    // Not from dicm-default.xml: Hadoop leaves out keys whose default is empty.
    for (Field field : DicmKeys.class.getFields()) {
      try {
        known.add((String) field.get(null));
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("Keys are public", e);
      }
    }
  }

  /**
   * Checks all keys of a configuration.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with the nearest known key
   */
  void check(Configuration conf) {
    for (Map.Entry<String, String> entry : conf) {
      check(entry.getKey());
    }
  }

  void check(String key) {
    boolean ours = key.startsWith(PREFIX) && !key.startsWith(InternalKeys.PREFIX);
    if (ours && !known.contains(key)) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use key %s: there is none of this name. Was %s meant?"
              .formatted(key, new Suggestions(known).nearest(key)));
    }
  }
}
