package io.dicm.app.master.history;

import io.dicm.app.launch.InternalKeys;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.ConfigRedactor;
import org.apache.hadoop.conf.Configuration;

/**
 * The part of a configuration that pages and histories show: DICM's own keys, with secrets masked.
 * A key is secret by Hadoop's {@code hadoop.security.sensitive-config-keys}; passwords inside of
 * addresses, as JDBC drivers take them, are masked too.
 */
public final class ShownConfiguration {
  /** What stands for a secret. */
  public static final String MASK = "<redacted>";

  private static final String PREFIX = "dicm.";
  private static final Pattern NAMED_SECRET =
      Pattern.compile("(?i)(\\b[\\w.-]*(?:password|passwd|pwd|secret|token)\\s*=)[^;\\s]*");
  private static final Pattern USER_INFO = Pattern.compile("//[^/@\\s]*@");

  private ShownConfiguration() {}

  /** Values by key, defaults included. */
  public static Map<String, String> of(Configuration conf) {
    ConfigRedactor redactor = new ConfigRedactor(conf);
    Map<String, String> shown = new TreeMap<>();
    for (Map.Entry<String, String> entry : conf) {
      String key = entry.getKey();
      if (key.startsWith(PREFIX) && !key.startsWith(InternalKeys.PREFIX)) {
        shown.put(key, masked(redactor.redact(key, conf.get(key, ""))));
      }
    }
    return shown;
  }

  private static String masked(String value) {
    String named = NAMED_SECRET.matcher(value).replaceAll("$1" + MASK);
    return USER_INFO.matcher(named).replaceAll("//" + MASK + "@");
  }
}
