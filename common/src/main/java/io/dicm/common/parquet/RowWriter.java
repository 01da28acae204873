package io.dicm.common.parquet;

import org.apache.parquet.io.api.RecordConsumer;

/** Writes the fields of one row; start and end of the message are the table writer's. */
@FunctionalInterface
public interface RowWriter<T> {
  void write(RecordConsumer out, T row);

  /** The next row is the first one of a row group, which readers can read without the others. */
  default void startRowGroup() {}
}
