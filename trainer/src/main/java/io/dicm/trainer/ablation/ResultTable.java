package io.dicm.trainer.ablation;

import java.util.List;

/**
 * Variants over all test impressions.
 *
 * @param name as {@code --only} has it, such as {@code table3}
 * @param title for people
 * @param rows the baseline first, the controls last
 */
public record ResultTable(String name, String title, List<ResultRow> rows) {
  public ResultTable {
    rows = List.copyOf(rows);
  }
}
