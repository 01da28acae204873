package io.dicm.trainer.schema;

/**
 * A cross of {@code features.json}: two features whose pairs of values have weights of their own.
 *
 * @param first a feature's name, or {@value #BEHAVIOR} and the name of one that behaviours carry
 * @param second the same, of another
 */
public record FeaturePair(String first, String second) {
  /** Before the name of an item feature: its values of the behaviours. */
  public static final String BEHAVIOR = "behavior:";

  boolean isOfSame(FeaturePair other) {
    return equals(other) || (first.equals(other.second) && second.equals(other.first));
  }

  /** As in {@code features.json}. */
  @Override
  public String toString() {
    return "[\"" + first + "\", \"" + second + "\"]";
  }
}
