package io.dicm.app.client;

/** Whether a run goes on where an earlier day's ended: {@code dicm.run.incremental}. */
enum IncrementalMode {
  /** It stands alone. */
  OFF,
  /** It does; the first one of all begins with initial values. */
  ON,
  /** It does, and there has to be an earlier one. */
  REQUIRED
}
