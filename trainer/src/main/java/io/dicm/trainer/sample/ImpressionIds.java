package io.dicm.trainer.sample;

import java.util.OptionalLong;

/**
 * Impression IDs one after the other. Logs mostly count them up: an ID that differs from the one
 * before in the number at its end alone is stored as the difference of the numbers, any other as
 * its text. For one thread.
 */
final class ImpressionIds {
  /** Digits of a number that always fits into 63 bits. */
  private static final int MOST_DIGITS = 18;

  private String before = "";
  private int numberStart;

  /** Forgets the ID before. */
  void clear() {
    remember("");
  }

  /**
   * How far the ID's number is from that of the ID before, 2 n for n more and 2 n - 1 for n less,
   * so that short ways either way are small numbers; empty where the ID has to be told.
   */
  OptionalLong stepTo(String id) {
    String last = before;
    int lastStart = numberStart;
    remember(id);
    boolean follows =
        hasNumber()
            && lastStart < last.length()
            && lastStart == numberStart
            && last.regionMatches(0, id, 0, numberStart);
    return follows
        ? OptionalLong.of(unsigned(number() - number(last, lastStart)))
        : OptionalLong.empty();
  }

  /** The ID that is told. */
  String told(String id) {
    remember(id);
    return id;
  }

  /** The ID that is so far from the one before. */
  String step(long step) {
    remember(before.substring(0, numberStart) + (number() + signed(step)));
    return before;
  }

  private boolean hasNumber() {
    return numberStart < before.length();
  }

  private long number() {
    return number(before, numberStart);
  }

  private static long number(String id, int start) {
    return Long.parseLong(id, start, id.length(), 10);
  }

  private static long unsigned(long difference) {
    return (difference << 1) ^ (difference >> 63);
  }

  private static long signed(long step) {
    return (step >>> 1) ^ -(step & 1);
  }

  /** A number has no leading zeros, so that it gives the same digits again. */
  private void remember(String id) {
    int start = id.length();
    while (start > 0 && id.length() - start < MOST_DIGITS && isDigit(id.charAt(start - 1))) {
      start--;
    }
    while (start < id.length() && id.charAt(start) == '0') {
      start++;
    }
    before = id;
    numberStart = start;
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }
}
