package io.dicm.app.doctor;

import java.time.Duration;
import java.util.List;

/** Looks at one thing that a run needs. Each runs on a thread of its own, once. */
public interface Check {
  /** What it looks at, in one or two words. */
  String what();

  /** The longest time that it may take; then it is interrupted and has failed. */
  default Duration limit() {
    return Duration.ofSeconds(20);
  }

  /**
   * What it finds, at least one.
   *
   * @throws Exception when it could not look; the message becomes its finding
   */
  List<Finding> look() throws Exception;
}
