package io.dicm.trainer.vocabulary;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Counts the values of one feature over the rows of its table, in at most some hundred KiB. Not
 * safe for use by many threads.
 */
public final class FieldCounter {
  private static final int SHOWN_VALUES = 10;
  private static final int QUANTILE_PARTS = 20;

  private final FeatureField field;
  private long rows;
  private long rowsWithValue;
  private long values;
  private DistinctCount distinct = new DistinctCount();
  private FrequentTexts frequent = new FrequentTexts();
  private NumberQuantiles numbers = new NumberQuantiles();

  public FieldCounter(FeatureField field) {
    this.field = field;
  }

  public FeatureField field() {
    return field;
  }

  /**
   * Counts a row.
   *
   * @throws BadRowException when the column has no number but should
   */
  public void add(TableRow row) throws BadRowException {
    List<String> texts = texts(row);
    rows++;
    rowsWithValue += texts.isEmpty() ? 0 : 1;
    values += texts.size();
    for (String text : texts) {
      distinct.add(Fingerprints.idKey(field.name(), text));
      frequent.add(text);
    }
  }

  /** Adds what another counter of the field counted. */
  public void merge(FieldCounter other) {
    rows += other.rows;
    rowsWithValue += other.rowsWithValue;
    values += other.values;
    distinct.merge(other.distinct);
    frequent.merge(other.frequent);
    numbers.merge(other.numbers);
  }

  /**
   * The counts so far.
   *
   * @param table the table's name
   */
  public FieldStatistics statistics(String table) {
    return new FieldStatistics(
        field.name(),
        table,
        rows,
        rowsWithValue,
        values,
        distinct.count(),
        distinct.isExact(),
        field.hashSpace(),
        frequent.top(SHOWN_VALUES),
        numbers.quantiles(QUANTILE_PARTS));
  }

  public void write(DataOutput out) throws IOException {
    out.writeLong(rows);
    out.writeLong(rowsWithValue);
    out.writeLong(values);
    distinct.write(out);
    frequent.write(out);
    numbers.write(out);
  }

  /** Reads what {@link #write} wrote of the same field. */
  public static FieldCounter read(FeatureField field, DataInput in) throws IOException {
    FieldCounter counter = new FieldCounter(field);
    counter.rows = in.readLong();
    counter.rowsWithValue = in.readLong();
    counter.values = in.readLong();
    counter.distinct = DistinctCount.read(in);
    counter.frequent = FrequentTexts.read(in);
    counter.numbers = NumberQuantiles.read(in);
    return counter;
  }

  private List<String> texts(TableRow row) throws BadRowException {
    if (field.kind() == FeatureKind.IDS) {
      return row.values(field.name());
    }
    if (field.kind() == FeatureKind.ID) {
      String value = row.value(field.name());
      return value.isEmpty() ? List.of() : List.of(value);
    }
    OptionalDouble number = row.number(field.name());
    if (number.isEmpty()) {
      return List.of();
    }
    numbers.add(number.getAsDouble());
    return List.of("bucket " + field.buckets().orElseThrow().of(number.getAsDouble()));
  }
}
