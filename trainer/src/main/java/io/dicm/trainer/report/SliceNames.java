package io.dicm.trainer.report;

import java.util.Map;

/** The headings of an evaluation's slices. */
final class SliceNames {
  private static final Map<String, String> NAMES =
      Map.of(
          "all", "All impressions",
          "item_age", "Age of the item, days",
          "train_exposures", "Impressions of the item in training",
          "category", "Category",
          "user_activity", "Behaviours of the user",
          "image", "Picture of the item");

  private SliceNames() {}

  /** Of a slice's label; an unknown label is its own heading. */
  static String of(String slice) {
    return NAMES.getOrDefault(slice, slice);
  }
}
