package io.dicm.feature.device;

/**
 * Something that a process lacks to compute on a GPU.
 *
 * @param what it is, such as cuDNN
 * @param needed such as a library's name or the least version
 * @param found what is there instead; none: nothing is
 */
record Shortfall(String what, String needed, String found) {
  static final String NOTHING = "none";

  @Override
  public String toString() {
    return "%s (needed %s, found %s)".formatted(what, needed, found);
  }
}
