package io.dicm.app.master.stage;

import io.dicm.app.master.history.StageState;

/**
 * How a stage ended well.
 *
 * @param state {@code SUCCEEDED} or {@code SKIPPED}
 * @param detail what came out, in a few words
 */
record StageResult(StageState state, String detail) {
  static StageResult done(String detail) {
    return new StageResult(StageState.SUCCEEDED, detail);
  }

  static StageResult skipped(String why) {
    return new StageResult(StageState.SKIPPED, why);
  }
}
