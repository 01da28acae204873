package io.dicm.common.progress;

/** Told how far a piece of work has come. Called from the working thread; must return quickly. */
@FunctionalInterface
public interface ProgressListener {
  /** Tells nobody. */
  ProgressListener NONE = (done, total, note) -> {};

  /**
   * @param done units finished, never decreasing
   * @param total units planned, or a value below {@code done} when unknown
   * @param note a few words for a person, such as {@code "loss 0.512"}
   */
  void progress(long done, long total, String note);
}
