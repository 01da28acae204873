package io.dicm.common.config;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Typed, checked access to DICM's keys in a Hadoop {@link Configuration}. A value of the wrong type
 * or out of its range is a {@link ErrorCode#CONFIGURATION_INVALID} that names key, value and range.
 *
 * <p>Services read what they need once, when they are made, into records of their own.
 */
public final class DicmConfiguration {
  private static final String DEFAULTS = "dicm-default.xml";
  private static final String SITE = "dicm-site.xml";

  private final Configuration conf;

  private DicmConfiguration(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Adds {@code dicm-default.xml} and {@code dicm-site.xml} to every configuration made from now
   * on. Entry points call it first; values set with {@code -D} keep precedence.
   */
  public static void registerDefaults() {
    Configuration.addDefaultResource(DEFAULTS);
    Configuration.addDefaultResource(SITE);
  }

  /** Wraps a configuration that has DICM's defaults. */
  public static DicmConfiguration of(Configuration conf) {
    return new DicmConfiguration(conf);
  }

  /** The Hadoop configuration itself. */
  public Configuration hadoop() {
    return conf;
  }

  /** The trimmed value, or the empty string. */
  public String text(String key) {
    return conf.getTrimmed(key, "");
  }

  /** The trimmed value, which must not be empty. */
  public String required(String key) {
    String value = text(key);
    if (value.isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID, "Cannot go on: " + key + " is not set.");
    }
    return value;
  }

  /** A path, which must be set. */
  public Path path(String key) {
    return new Path(required(key));
  }

  /** An integer within a range, both ends included. */
  public int integer(String key, int least, int most) {
    String value = required(key);
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(key, value, "a whole number from " + least + " to " + most, e);
    }
    throw invalid(key, value, "a whole number from " + least + " to " + most, null);
  }

  /** A long integer, zero or more. */
  public long nonNegativeLong(String key) {
    String value = required(key);
    try {
      long number = Long.parseLong(value);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(key, value, "a whole number, 0 or more", e);
    }
    throw invalid(key, value, "a whole number, 0 or more", null);
  }

  /** Any long integer, such as a seed. */
  public long longInteger(String key) {
    String value = required(key);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw invalid(key, value, "a whole number", e);
    }
  }

  /** A number within a range, both ends included. */
  public double number(String key, double least, double most) {
    String value = required(key);
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw invalid(key, value, "a number from " + least + " to " + most, e);
    }
    throw invalid(key, value, "a number from " + least + " to " + most, null);
  }

  /** {@code true} or {@code false}. */
  public boolean flag(String key) {
    String value = required(key);
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid(key, value, "true or false", null);
    };
  }

  /** One of an enum's constants, written in lower case with {@code -} for {@code _}. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    String value = required(key);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(value.toUpperCase(Locale.ROOT).replace('-', '_'))) {
        return constant;
      }
    }
    String allowed =
        String.join(
            ", ",
            Arrays.stream(type.getEnumConstants())
                .map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList());
    throw invalid(key, value, "one of " + allowed, null);
  }

  private static DicmException invalid(String key, String value, String allowed, Exception cause) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use " + key + ": was '" + value + "', allowed is " + allowed + ".",
        cause);
  }
}
