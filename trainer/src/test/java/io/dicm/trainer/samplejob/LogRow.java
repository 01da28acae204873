package io.dicm.trainer.samplejob;

/**
 * One row of a made-up log table.
 *
 * @param item may be one that items.csv does not have
 * @param label of an impression; of no meaning for a behaviour
 */
record LogRow(
    String user,
    String item,
    long timestampSeconds,
    int label,
    String impressionId,
    String dwellSeconds) {
  /** The line of impressions.csv. */
  String impression() {
    return String.join(
        ",",
        impressionId,
        user,
        item,
        Long.toString(timestampSeconds),
        Integer.toString(label),
        "7",
        dwellSeconds);
  }

  /** The line of behaviors.csv. */
  String behavior() {
    return String.join(",", Long.toString(timestampSeconds), user, item, dwellSeconds);
  }
}
