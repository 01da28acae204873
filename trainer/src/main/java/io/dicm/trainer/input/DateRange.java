package io.dicm.trainer.input;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * The days whose partitions are read.
 *
 * @param from the first; none: from the beginning
 * @param to the last; none: to the end
 */
public record DateRange(Optional<LocalDate> from, Optional<LocalDate> to) {

  /**
   * The days that are configured.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for what is no date, or for an
   *     end before the beginning
   */
  public static DateRange of(Configuration hadoop) {
    DicmConfiguration conf = DicmConfiguration.of(hadoop);
    DateRange range =
        new DateRange(date(conf, DicmKeys.INPUT_FROM_DATE), date(conf, DicmKeys.INPUT_TO_DATE));
    if (range.isBounded() && range.from.isPresent() && range.to.isPresent()) {
      LocalDate from = range.from.get();
      LocalDate to = range.to.get();
      if (to.isBefore(from)) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot use "
                + DicmKeys.INPUT_TO_DATE
                + ": "
                + to
                + " is before "
                + DicmKeys.INPUT_FROM_DATE
                + ", which is "
                + from
                + ".");
      }
    }
    return range;
  }

  /** Whether there is a first or a last day. */
  public boolean isBounded() {
    return from.isPresent() || to.isPresent();
  }

  /** The range with so many days more at its beginning. */
  DateRange earlier(int days) {
    return new DateRange(from.map(day -> day.minusDays(days)), to);
  }

  /** The range without its first day. */
  DateRange sinceEver() {
    return new DateRange(Optional.empty(), to);
  }

  boolean contains(LocalDate day) {
    return from.stream().noneMatch(day::isBefore) && to.stream().noneMatch(day::isAfter);
  }

  @Override
  public String toString() {
    return from.map(LocalDate::toString).orElse("the beginning")
        + " to "
        + to.map(LocalDate::toString).orElse("the end");
  }

  private static Optional<LocalDate> date(DicmConfiguration conf, String key) {
    String text = conf.text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeException e) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use " + key + ": was '" + text + "', needed YYYY-MM-DD.",
          e);
    }
  }
}
