package io.dicm.app.master.history;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of an application from its beginning.
 *
 * @param user who submitted it
 * @param configuration by key, secrets masked
 */
public record RunFacts(String user, Map<String, String> configuration) {
  /** Of an application of which nothing is known. */
  public static final RunFacts NONE = new RunFacts("", Map.of());

  public RunFacts {
    configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
  }
}
