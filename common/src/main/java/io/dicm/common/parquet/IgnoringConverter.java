package io.dicm.common.parquet;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/**
 * Fits any schema and takes no value: Parquet asks for a converter even where columns are read
 * without record assembly, and never calls it then.
 */
public final class IgnoringConverter extends GroupConverter {
  @Override
  public Converter getConverter(int fieldIndex) {
    return new AnyField();
  }

  @Override
  public void start() {}

  @Override
  public void end() {}

  private static final class AnyField extends PrimitiveConverter {
    @Override
    public GroupConverter asGroupConverter() {
      return new IgnoringConverter();
    }
  }
}
