package io.dicm.app.launch;

import java.util.Locale;

/** What a container does. */
public enum Role {
  /** An Advanced Model Server: holds vectors and ID embeddings, trains the sub-model. */
  SERVER(1),
  /** Trains the DICM network against the servers. */
  WORKER(2),
  /** Scores test samples with a finished model. */
  PREDICTOR(3);

  private final int requestPriority;

  Role(int requestPriority) {
    this.requestPriority = requestPriority;
  }

  /**
   * YARN's priority of requests for this role; each has its own, by which containers are told
   * apart.
   */
  public int requestPriority() {
    return requestPriority;
  }

  /** The role that asks with this priority. */
  public static Role ofRequestPriority(int priority) {
    for (Role role : values()) {
      if (role.requestPriority == priority) {
        return role;
      }
    }
    throw new IllegalArgumentException("No role asks with priority " + priority);
  }

  /** The name in commands, messages and logs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The role with this label. */
  public static Role of(String label) {
    return valueOf(label.toUpperCase(Locale.ROOT));
  }
}
