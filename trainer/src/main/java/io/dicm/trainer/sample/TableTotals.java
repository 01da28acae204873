package io.dicm.trainer.sample;

import java.util.Map;

/**
 * Totals of one input table.
 *
 * @param rows data rows, bad ones included
 * @param rejects rows left out, by reason
 */
public record TableTotals(long rows, Map<String, Long> rejects) {
  public TableTotals {
    rejects = Map.copyOf(rejects);
  }

  /** Rows left out. */
  public long rejected() {
    return rejects.values().stream().mapToLong(Long::longValue).sum();
  }
}
