package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableReader;
import io.dicm.trainer.input.TableRow;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells clicks that somebody stayed with from those that were a mistake: {@code
 * dicm.samples.min-dwell-seconds}. Immutable.
 *
 * @param minSeconds 0 for off: the column is not looked at
 */
record DwellFilter(int minSeconds) {
  /** The column, a decimal number of seconds. */
  static final String COLUMN = "dwell_seconds";

  /** What has to be read of the table whose clicks are the behaviours. */
  Map<InputTable, List<String>> columns(InputTable clicks) {
    return minSeconds > 0 ? Map.of(clicks, List.of(COLUMN)) : Map.of();
  }

  /**
   * Refuses a table of clicks without the column that the filter needs.
   *
   * @throws DicmException {@link ErrorCode#INPUT_INVALID}
   */
  void requireColumn(TableReader clicks) throws IOException {
    if (minSeconds == 0) {
      return;
    }
    try {
      clicks.requireColumns(List.of(COLUMN));
    } catch (DicmException e) {
      throw new DicmException(
          e.code(),
          "Cannot apply "
              + DicmKeys.SAMPLES_MIN_DWELL_SECONDS
              + ", which was "
              + minSeconds
              + ", to the clicks that are the behaviours: "
              + e.getMessage()
              + " Add the column, or set 0.",
          e);
    }
  }

  /**
   * Why the click of this row is no behaviour, if so. One of unknown dwell time is none: nobody
   * says that it was long enough.
   *
   * @throws BadRowException {@link RowProblem#BAD_DWELL}
   */
  Optional<LeftOut> leftOut(TableRow row) throws BadRowException {
    if (minSeconds == 0) {
      return Optional.empty();
    }
    String value = row.value(COLUMN);
    if (value.isEmpty()) {
      return Optional.of(LeftOut.UNKNOWN_DWELL);
    }
    return seconds(value) < minSeconds ? Optional.of(LeftOut.SHORT_DWELL) : Optional.empty();
  }

  private static double seconds(String value) throws BadRowException {
    try {
      double seconds = Double.parseDouble(value);
      if (seconds >= 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      throw bad(value, e);
    }
    throw bad(value, null);
  }

  private static BadRowException bad(String value, NumberFormatException cause) {
    BadRowException bad =
        new BadRowException(
            RowProblem.BAD_DWELL,
            COLUMN + " was '" + value + "', needed a number of seconds, 0 or more");
    bad.initCause(cause);
    return bad;
  }
}
