package io.dicm.trainer.input;

import java.io.IOException;

/** Told of every row that is left out. */
@FunctionalInterface
public interface RejectedRows {
  /** Tells nobody. */
  RejectedRows IGNORE = (place, bad) -> {};

  /**
   * @param place file and line, or file and byte
   * @param bad why
   */
  void reject(String place, BadRowException bad) throws IOException;
}
