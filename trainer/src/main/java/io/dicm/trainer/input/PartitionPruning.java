package io.dicm.trainer.input;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;

/**
 * Which partitions of a table are read: of impressions those of the configured days, of behaviours
 * also those of the window before them, of items and users only the newest that is not after the
 * last day, since each of their partitions is a whole list. Immutable.
 */
public final class PartitionPruning {
  /** The partition column of days. */
  public static final String DATE_COLUMN = "dt";

  private final DateRange days;
  private final int windowDays;

  /**
   * @param windowDays days before an impression in which behaviours count, 0: all
   */
  PartitionPruning(DateRange days, int windowDays) {
    this.days = days;
    this.windowDays = windowDays;
  }

  /**
   * As configured.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static PartitionPruning of(Configuration conf) {
    return new PartitionPruning(
        DateRange.of(conf),
        DicmConfiguration.of(conf).integer(DicmKeys.SAMPLES_WINDOW_DAYS, 0, Integer.MAX_VALUE));
  }

  /**
   * The partitions to read.
   *
   * @param source what to call the table in messages
   * @param values a partition's columns
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} for a {@code dt} that is no date and for
   *     impressions that cannot be pruned though days are configured, {@link
   *     ErrorCode#INPUT_MISSING} when no partition is left
   */
  public <T> List<T> choose(
      InputTable table,
      String source,
      List<T> partitions,
      Function<T, Map<String, String>> values) {
    if (partitions.stream().noneMatch(part -> values.apply(part).containsKey(DATE_COLUMN))) {
      requireNoDays(table, source);
      return partitions;
    }
    Function<T, LocalDate> day = partition -> day(source, values.apply(partition));
    DateRange range = range(table);
    List<T> left = partitions.stream().filter(part -> range.contains(day.apply(part))).toList();
    if (left.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read " + source + ": it has no partition of the days from " + range + ".");
    }
    if (table.isLog()) {
      return left;
    }
    LocalDate newest = left.stream().map(day).max(LocalDate::compareTo).orElseThrow();
    return left.stream().filter(part -> day.apply(part).equals(newest)).toList();
  }

  private DateRange range(InputTable table) {
    return switch (table) {
      case IMPRESSIONS -> days;
      case BEHAVIORS -> windowDays == 0 ? days.sinceEver() : days.earlier(windowDays);
      case ITEMS, USERS -> days.sinceEver();
    };
  }

  private void requireNoDays(InputTable table, String source) {
    if (table == InputTable.IMPRESSIONS && days.isBounded()) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read "
              + source
              + " from "
              + days
              + ": it is not partitioned by "
              + DATE_COLUMN
              + "=YYYY-MM-DD. Leave out "
              + DicmKeys.INPUT_FROM_DATE
              + " and "
              + DicmKeys.INPUT_TO_DATE
              + ", or partition it.");
    }
  }

  private static LocalDate day(String source, Map<String, String> values) {
    String text = Optional.ofNullable(values.get(DATE_COLUMN)).orElse("");
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot read "
              + source
              + ": a partition has "
              + DATE_COLUMN
              + "='"
              + text
              + "', needed YYYY-MM-DD.",
          e);
    }
  }
}
