package io.dicm.trainer.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnReader;

/**
 * Walks the values of one Parquet column of one row group. Reading column by column, without
 * Parquet's record assembly, keeps the many short lists of a sample cheap. For one thread.
 */
final class ColumnCursor {
  private static final long[] NONE = {};

  private final ColumnReader column;
  private final int presentLevel;
  private final int listLevel;
  private long[] buffer = new long[64];

  ColumnCursor(ColumnReader column) {
    this.column = column;
    this.presentLevel = column.getDescriptor().getMaxDefinitionLevel();
    this.listLevel = column.getDescriptor().getMaxRepetitionLevel();
  }

  String text() {
    String value = column.getBinary().toStringUsingUTF8();
    column.consume();
    return value;
  }

  /** The text at the cursor, or null where there is none. */
  String textOrNull() {
    if (column.getCurrentDefinitionLevel() == presentLevel) {
      return text();
    }
    column.consume();
    return null;
  }

  long int64() {
    long value = column.getLong();
    column.consume();
    return value;
  }

  int int32() {
    int value = column.getInteger();
    column.consume();
    return value;
  }

  /** The list at the cursor of each column. */
  static long[][] int64Lists(ColumnCursor[] columns) {
    long[][] lists = new long[columns.length][];
    for (int i = 0; i < columns.length; i++) {
      lists[i] = columns[i].int64List();
    }
    return lists;
  }

  /** As {@link #int64List} for texts. */
  String[] textList() {
    if (column.getCurrentDefinitionLevel() < presentLevel) {
      column.consume();
      return new String[0];
    }
    List<String> values = new ArrayList<>();
    do {
      values.add(text());
    } while (column.getCurrentRepetitionLevel() == listLevel);
    return values.toArray(String[]::new);
  }

  /** The values of the innermost list at the cursor. */
  long[] int64List() {
    if (column.getCurrentDefinitionLevel() < presentLevel) {
      column.consume();
      return NONE;
    }
    int count = 0;
    do {
      if (count == buffer.length) {
        buffer = Arrays.copyOf(buffer, 2 * count);
      }
      buffer[count++] = column.getLong();
      column.consume();
    } while (column.getCurrentRepetitionLevel() == listLevel);
    return Arrays.copyOf(buffer, count);
  }

  /** As {@link #int64List} for 32-bit values. */
  int[] int32List() {
    if (column.getCurrentDefinitionLevel() < presentLevel) {
      column.consume();
      return new int[0];
    }
    int[] values = new int[4];
    int count = 0;
    do {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = column.getInteger();
      column.consume();
    } while (column.getCurrentRepetitionLevel() == listLevel);
    return Arrays.copyOf(values, count);
  }
}
