package io.dicm.app.cli;

import java.util.Locale;

/** Numbers for people: three digits and a letter. */
final class Quantity {
  private static final String[] LETTERS = {"", "K", "M", "G", "T", "P", "E"};
  private static final double STEP = 1000;

  private Quantity() {}

  /** Such as 5.24G: in powers of 1000. */
  static String of(double number) {
    double value = number;
    int letter = 0;
    while (Math.abs(value) >= STEP && letter < LETTERS.length - 1) {
      value /= STEP;
      letter++;
    }
    String digits = letter == 0 || value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, digits, value) + LETTERS[letter];
  }

  /** As {@link #of(double)}. */
  static String of(long number) {
    return of((double) number);
  }

  /** Whole MiB, rounded up. */
  static long mib(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }
}
