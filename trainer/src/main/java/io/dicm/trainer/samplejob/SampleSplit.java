package io.dicm.trainer.samplejob;

import java.util.Locale;

/** What a sample is for. */
enum SampleSplit {
  TRAIN,
  TEST;

  /** The directory below the samples directory. */
  String directory() {
    return name().toLowerCase(Locale.ROOT);
  }
}
