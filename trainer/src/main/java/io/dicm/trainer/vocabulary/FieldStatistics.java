package io.dicm.trainer.vocabulary;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What values a feature has in the rows of its table that were used.
 *
 * @param field its name
 * @param table where its column is
 * @param rows rows of the table
 * @param rowsWithValue rows where the field is not empty
 * @param values values of all rows: more than rows where a row has several
 * @param distinct different values; of a number, different buckets
 * @param exact whether {@code distinct} is exact and not an estimate with an error of about 1 %
 * @param hashSpace into how many IDs the values are hashed, 0: each is one of its own
 * @param frequent the most frequent values
 * @param quantiles of a number: least, the numbers that 5, 10 ... 95 % of all are below, to 1 % of
 *     their size, greatest; empty for IDs
 */
public record FieldStatistics(
    String field,
    String table,
    long rows,
    long rowsWithValue,
    long values,
    long distinct,
    boolean exact,
    long hashSpace,
    List<Frequency> frequent,
    List<Double> quantiles) {
  public FieldStatistics {
    frequent = List.copyOf(frequent);
    quantiles = List.copyOf(quantiles);
  }

  /** Share of rows where the field is empty, 0 to 1; 0 without rows. */
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public double emptyShare() {
    return rows == 0 ? 0 : 1 - (double) rowsWithValue / rows;
  }

  /** Share of all values that the most frequent ones have together, 0 to 1, or a little less. */
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public double frequentShare() {
    return values == 0 ? 0 : (double) frequent.stream().mapToLong(Frequency::count).sum() / values;
  }
}
