package io.dicm.trainer.samplejob;

import java.util.Locale;

/** Why good rows are left out because the settings say so; the manifest has a count of each. */
enum LeftOut {
  /** An impression before the first day that is trained on. */
  BEFORE_TRAIN_FROM,
  /** A training impression of an item that is held out. */
  HELD_OUT_ITEM,
  /** A training impression without a click that down-sampling drops. */
  DOWN_SAMPLED_NEGATIVE,
  /** A click, as a behaviour, with a shorter dwell time than needed. */
  SHORT_DWELL,
  /** A click, as a behaviour, of unknown dwell time. */
  UNKNOWN_DWELL;

  /** The name in counters and manifests. */
  String reason() {
    return name().toLowerCase(Locale.ROOT);
  }
}
