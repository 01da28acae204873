package io.dicm.feature.device;

/**
 * One thing that a node needs for computing on a GPU, and what there is of it.
 *
 * @param what it is, such as cuDNN 9
 * @param needed such as a library's name or the least version
 * @param found what is there, such as a version; {@value Shortfall#NOTHING}: nothing is
 * @param enough whether that will do; what cannot be told from files does
 */
public record SoftwarePart(String what, String needed, String found, boolean enough) {
  /** With what is needed and what is found: {@code cuDNN 9 (needed libcudnn.so.9, found none)}. */
  public String shortfall() {
    return new Shortfall(what, needed, found).toString();
  }
}
