package io.dicm.trainer.samplejob;

import java.util.Locale;

/** Why good rows are left out because the settings say so; the manifest has a count of each. */
enum LeftOut {
  /** An impression before the first day that is trained on. */
  BEFORE_TRAIN_FROM;

  /** The name in counters and manifests. */
  String reason() {
    return name().toLowerCase(Locale.ROOT);
  }
}
