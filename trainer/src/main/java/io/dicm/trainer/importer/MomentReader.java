package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.importer.CsvMapping.Moment;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableRow;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/** Reads the moments of a column in the format that a mapping names. Immutable. */
final class MomentReader {
  private static final long MILLIS_A_SECOND = 1000;

  private final String column;
  private final String format;
  private final ZoneId zone;
  private final DateTimeFormatter pattern;

  /**
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} for an unknown zone or a bad pattern
   */
  MomentReader(Moment moment) {
    this.column = moment.column();
    this.format = moment.format() == null ? "" : moment.format();
    try {
      this.zone = ZoneId.of(moment.zone() == null ? "UTC" : moment.zone());
      this.pattern = isPattern() ? DateTimeFormatter.ofPattern(format, Locale.ROOT) : null;
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot use the moments of column "
              + column
              + ": "
              + e.getMessage()
              + ". A format is seconds, milliseconds, iso or a pattern as yyyy-MM-dd HH:mm:ss.",
          e);
    }
  }

  /**
   * The moment of a row.
   *
   * @return seconds since 1970 UTC, fractions cut off
   * @throws BadRowException {@link RowProblem#BAD_TIMESTAMP} or {@link RowProblem#MISSING_VALUE}
   */
  long seconds(TableRow row) throws BadRowException {
    if (format.equals("milliseconds")) {
      String text = row.required(column);
      if (!text.matches("\\d{1,18}")) {
        throw bad(text, null);
      }
      return Long.parseLong(text) / MILLIS_A_SECOND;
    }
    return isPattern() ? byPattern(row.required(column)) : row.timestampSeconds(column);
  }

  private boolean isPattern() {
    return switch (format) {
      case "", "seconds", "milliseconds", "iso" -> false;
      default -> true;
    };
  }

  private long byPattern(String text) throws BadRowException {
    try {
      TemporalAccessor moment =
          pattern.parseBest(text, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
      ZonedDateTime zoned;
      if (moment instanceof ZonedDateTime own) {
        zoned = own;
      } else if (moment instanceof LocalDateTime local) {
        zoned = local.atZone(zone);
      } else {
        zoned = LocalDate.from(moment).atStartOfDay(zone);
      }
      return zoned.toEpochSecond();
    } catch (DateTimeException e) {
      throw bad(text, e);
    }
  }

  private BadRowException bad(String text, Exception cause) {
    BadRowException bad =
        new BadRowException(
            RowProblem.BAD_TIMESTAMP, column + " was '" + text + "', the format is " + format);
    bad.initCause(cause);
    return bad;
  }
}
