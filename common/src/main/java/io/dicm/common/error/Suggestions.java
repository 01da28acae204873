package io.dicm.common.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds what was probably meant by a misspelt word.
 *
 * @param known the right ones
 */
public record Suggestions(Collection<String> known) {
  /** The nearest known word, by letters to change; empty when none is known. */
  public String nearest(String word) {
    return known.stream().min(Comparator.comparingInt(other -> distance(word, other))).orElse("");
  }

  /** The nearest known word, if at most every third letter has to change. */
  public Optional<String> near(String word) {
    String nearest = nearest(word);
    return distance(word, nearest) * 3 <= Math.max(word.length(), nearest.length())
        ? Optional.of(nearest)
        : Optional.empty();
  }

  /** More of a sentence on a misspelt word; empty when no known word is near. */
  public String question(String word) {
    return near(word).map(near -> "; was " + near + " meant?").orElse("");
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
