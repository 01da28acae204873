package io.dicm.trainer.ablation;

import java.util.List;

/**
 * Gains over the baseline by one property of the impressions.
 *
 * @param slice its name, {@code train_exposures} or {@code item_age}
 * @param title for people
 * @param rows one for each value that test impressions have
 */
public record SliceTable(String slice, String title, List<SliceRow> rows) {
  public SliceTable {
    rows = List.copyOf(rows);
  }
}
