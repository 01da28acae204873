package io.dicm.trainer.input;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;

/** Reads moments as epoch seconds or ISO 8601; without an offset a moment is UTC. */
final class Timestamps {
  /** The year 9999. Larger numbers are milliseconds by mistake. */
  private static final long LATEST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");

  private Timestamps() {}

  /**
   * @return seconds since 1970 UTC, fractions cut off
   * @throws BadRowException {@link RowProblem#BAD_TIMESTAMP}
   */
  static long parseSeconds(String text) throws BadRowException {
    long seconds = NUMBER.matcher(text).matches() ? Long.parseLong(text) : iso(text);
    if (seconds < 0 || seconds > LATEST) {
      throw new BadRowException(
          RowProblem.BAD_TIMESTAMP, "'" + text + "' is not between the years 1970 and 9999");
    }
    return seconds;
  }

  private static long iso(String text) throws BadRowException {
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text).toEpochSecond(java.time.LocalTime.MIDNIGHT, ZoneOffset.UTC);
      }
      TemporalAccessor moment =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
      return moment instanceof OffsetDateTime offset
          ? offset.toEpochSecond()
          : LocalDateTime.from(moment).toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      BadRowException bad =
          new BadRowException(
              RowProblem.BAD_TIMESTAMP, "'" + text + "' is neither epoch seconds nor ISO 8601");
      bad.initCause(e);
      throw bad;
    }
  }
}
