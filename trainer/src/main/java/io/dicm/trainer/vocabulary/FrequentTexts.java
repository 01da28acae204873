package io.dicm.trainer.vocabulary;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the most frequent of many texts in {@value #COUNTERS} counters. Counts are exact while
 * there are no more distinct texts than counters; beyond that each is too low by at most a 1,025th
 * of all texts, never too high. Not safe for use by many threads.
 *
 * <p>J. Misra and D. Gries, "Finding repeated elements" (1982); merged as in Agarwal et al.,
 * "Mergeable summaries" (2012).
 */
final class FrequentTexts {
  /** Texts that are counted at a time. */
  static final int COUNTERS = 1024;

  /** Longer texts are cut: they are for people to read. */
  private static final int MOST_CHARACTERS = 200;

  private Map<String, Long> counts = new HashMap<>();

  void add(String text) {
    counts.merge(
        text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) : text, 1L, Long::sum);
    if (counts.size() > COUNTERS) {
      subtract(1);
    }
  }

  /** Adds what another one counted. */
  void merge(FrequentTexts other) {
    other.counts.forEach((text, count) -> counts.merge(text, count, Long::sum));
    if (counts.size() > COUNTERS) {
      subtract(
          counts.values().stream()
              .sorted(Comparator.reverseOrder())
              .skip(COUNTERS)
              .findFirst()
              .orElseThrow());
    }
  }

  /**
   * The texts with the highest counts, most frequent first, equal ones by text.
   *
   * @param most how many
   */
  List<Frequency> top(int most) {
    return counts.entrySet().stream()
        .map(entry -> new Frequency(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingLong(Frequency::count).reversed().thenComparing(Frequency::value))
        .limit(most)
        .toList();
  }

  void write(DataOutput out) throws IOException {
    out.writeInt(counts.size());
    for (Map.Entry<String, Long> entry : new TreeMap<>(counts).entrySet()) {
      out.writeUTF(entry.getKey());
      out.writeLong(entry.getValue());
    }
  }

  static FrequentTexts read(DataInput in) throws IOException {
    FrequentTexts texts = new FrequentTexts();
    for (int left = in.readInt(); left > 0; left--) {
      texts.counts.put(in.readUTF(), in.readLong());
    }
    return texts;
  }

  private void subtract(long count) {
    Map<String, Long> left = new HashMap<>();
    counts.forEach(
        (text, had) -> {
          if (had > count) {
            left.put(text, had - count);
          }
        });
    counts = left;
  }
}
