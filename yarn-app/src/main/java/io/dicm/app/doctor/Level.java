package io.dicm.app.doctor;

/** How a finding is to be taken, the worst last. */
public enum Level {
  OK("ok"),
  /** A run may work all the same. */
  WARNING("warning"),
  /** A run would fail. */
  FAILED("FAILED");

  private final String label;

  Level(String label) {
    this.label = label;
  }

  /** The word in front of a line. */
  public String label() {
    return label;
  }
}
