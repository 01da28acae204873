package io.dicm.trainer.samplejob;

import java.util.Locale;

/** What a sample is for. */
public enum SampleSplit {
  TRAIN,
  TEST;

  /** The directory below the samples directory. */
  public String directory() {
    return name().toLowerCase(Locale.ROOT);
  }
}
