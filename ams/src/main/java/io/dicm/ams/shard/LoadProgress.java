package io.dicm.ams.shard;

import io.dicm.common.progress.ProgressListener;

/** Adds up how far several loading threads have come. Safe for use by many threads. */
final class LoadProgress {
  private static final int TELL_EVERY = 1000;

  private final long images;
  private final ProgressListener listener;
  private long loaded;

  LoadProgress(long images, ProgressListener listener) {
    this.images = images;
    this.listener = listener;
  }

  /** One more is loaded. */
  synchronized void loadedOne() {
    loaded++;
    if (loaded % TELL_EVERY == 0 || loaded == images) {
      listener.progress(loaded, images, "vectors loaded");
    }
  }
}
