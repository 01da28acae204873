package io.dicm.trainer.report;

import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {
  private static final double THOUSAND = 1000;
  private static final String[] SCALES = {"", " k", " M", " G", " T"};
  private static final String[] BYTE_SCALES = {" B", " kB", " MB", " GB", " TB", " PB"};

  private Numbers() {}

  /** A count with its digits in groups of three. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value).replace(',', '\u202F');
  }

  /** A metric with four digits after the point. */
  public static String metric(double value) {
    return Double.isFinite(value) ? minus(String.format(Locale.ROOT, "%.4f", value)) : "–";
  }

  /** A difference of metrics, with its sign. */
  static String signed(double value) {
    return (value >= 0 ? "+" : "") + metric(value);
  }

  /** A weight or a cosine with three digits after the point. */
  static String weight(double value) {
    return Double.isFinite(value) ? minus(String.format(Locale.ROOT, "%.3f", value)) : "–";
  }

  /** A share as per cent. */
  public static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f\u00A0%%", 100 * share) : "–";
  }

  /** A size with three significant digits; a kB is 1000 bytes. */
  public static String bytes(double bytes) {
    return scaled(bytes, BYTE_SCALES);
  }

  /** As {@link #bytes(double)}. */
  public static String bytes(long bytes) {
    return bytes((double) bytes);
  }

  /** As {@link #rough(double)}. */
  public static String rough(long value) {
    return rough((double) value);
  }

  /** A rough size of anything. */
  public static String rough(double value) {
    return scaled(value, SCALES);
  }

  /** On an axis: without zeros that say nothing. */
  static String tick(double value, double step) {
    if (Math.abs(value) >= THOUSAND) {
      return rough(value);
    }
    int decimals = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return minus(String.format(Locale.ROOT, "%." + decimals + "f", value));
  }

  private static String scaled(double value, String[] scales) {
    double rest = value;
    int scale = 0;
    while (Math.abs(rest) >= THOUSAND && scale + 1 < scales.length) {
      rest /= THOUSAND;
      scale++;
    }
    int decimals = scale == 0 || Math.abs(rest) >= 100 ? 0 : Math.abs(rest) >= 10 ? 1 : 2;
    String digits = String.format(Locale.ROOT, "%." + decimals + "f", rest);
    if (decimals > 0) {
      digits = digits.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return minus(digits) + scales[scale].replace(' ', '\u00A0');
  }

  private static String minus(String number) {
    return number.replace('-', '\u2212');
  }
}
