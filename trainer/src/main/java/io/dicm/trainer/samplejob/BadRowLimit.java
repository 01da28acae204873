package io.dicm.trainer.samplejob;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.TableTotals;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Fails a job that left out too many rows of any table; their list is kept where the message says.
 *
 * @param maxBadFraction of a table's rows, 0 to 1
 */
record BadRowLimit(double maxBadFraction) {
  /**
   * @throws DicmException {@link ErrorCode#BAD_DATA_THRESHOLD_EXCEEDED} naming each such table
   */
  void check(SampleManifest manifest, DirectoryPublisher publisher) throws IOException {
    List<String> above =
        new TreeMap<>(manifest.tables())
            .entrySet().stream()
                .filter(table -> isAbove(table.getValue()))
                .map(BadRowLimit::describe)
                .toList();
    if (!above.isEmpty()) {
      throw new DicmException(
          ErrorCode.BAD_DATA_THRESHOLD_EXCEEDED,
          String.format(
              Locale.ROOT,
              "Cannot use the input: %s, allowed is a fraction of %s (%s). The rows are listed in"
                  + " %s.",
              String.join("; ", above),
              maxBadFraction,
              DicmKeys.INPUT_MAX_BAD_FRACTION,
              publisher.keep(RejectsFile.DIRECTORY)));
    }
  }

  private boolean isAbove(TableTotals table) {
    return table.rejected() > maxBadFraction * table.rows();
  }

  private static String describe(Map.Entry<String, TableTotals> table) {
    TableTotals totals = table.getValue();
    String reasons =
        new TreeMap<>(totals.rejects())
            .entrySet().stream()
                .map(reason -> reason.getKey() + " " + reason.getValue())
                .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%d of %d rows of %s were bad (%s)",
        totals.rejected(),
        totals.rows(),
        table.getKey(),
        reasons);
  }
}
