package io.dicm.app.client;

import java.util.Locale;

/** Which earlier runs a daily run may go on from: {@code dicm.run.incremental-start}. */
enum IncrementalStart {
  /** All that have trained a model. */
  TRAINED,
  /** Those whose model was published. */
  PUBLISHED;

  /** In lower case, as in the configuration. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
