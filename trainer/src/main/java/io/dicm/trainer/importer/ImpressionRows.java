package io.dicm.trainer.importer;

/** Writes generated impressions as rows of impressions.csv and counts the clicks. */
final class ImpressionRows {
  private final CsvOutput out;
  private long impressions;
  private long clicks;

  ImpressionRows(CsvOutput out) {
    this.out = out;
  }

  void write(LoggedImpression impression) {
    out.row(
        "impression-" + impressions++,
        impression.user().userId(),
        impression.item().itemId(),
        Long.toString(impression.timestampSeconds()),
        impression.click() ? "1" : "0",
        Integer.toString(impression.hour()),
        Integer.toString(impression.position()));
    clicks += impression.click() ? 1 : 0;
  }

  long clicks() {
    return clicks;
  }
}
