package io.dicm.trainer.sample;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/** Satisfies Parquet where columns are read without record assembly; never given a value. */
final class NoConverter extends GroupConverter {
  private final GroupType group;

  NoConverter(GroupType group) {
    this.group = group;
  }

  @Override
  public Converter getConverter(int index) {
    Type field = group.getType(index);
    return field.isPrimitive() ? new PrimitiveConverter() {} : new NoConverter(field.asGroupType());
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
