package io.dicm.trainer.evaluate;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** Puts one row's column values together to a {@link Prediction}. For one thread. */
final class PredictionMaterializer extends RecordMaterializer<Prediction> {
  private final TextColumn impressionId = new TextColumn();
  private final TextColumn userId = new TextColumn();
  private final TextColumn itemId = new TextColumn();
  private final TextColumn category = new TextColumn();
  private final NumberColumn timestamp = new NumberColumn();
  private final NumberColumn label = new NumberColumn();
  private final NumberColumn probability = new NumberColumn();
  private final NumberColumn exposures = new NumberColumn();
  private final NumberColumn age = new NumberColumn();
  private final NumberColumn behaviors = new NumberColumn();
  private final FlagColumn image = new FlagColumn();
  private final Row row =
      new Row(
          impressionId,
          userId,
          itemId,
          category,
          timestamp,
          label,
          probability,
          exposures,
          age,
          behaviors,
          image);

  @Override
  public Prediction getCurrentRecord() {
    return new Prediction(
        impressionId.value,
        userId.value,
        itemId.value,
        category.value,
        timestamp.integer,
        Math.toIntExact(label.integer),
        probability.real,
        new SliceKeys(
            exposures.integer,
            Math.toIntExact(age.integer),
            Math.toIntExact(behaviors.integer),
            image.value));
  }

  @Override
  public GroupConverter getRootConverter() {
    return row;
  }

  private static final class Row extends GroupConverter {
    private final PrimitiveConverter[] columns;

    Row(PrimitiveConverter... columns) {
      this.columns = columns;
    }

    @Override
    public Converter getConverter(int index) {
      return columns[index];
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private static final class TextColumn extends PrimitiveConverter {
    private String value;

    @Override
    public void addBinary(Binary binary) {
      value = binary.toStringUsingUTF8();
    }
  }

  private static final class NumberColumn extends PrimitiveConverter {
    private long integer;
    private double real;

    @Override
    public void addInt(int number) {
      integer = number;
    }

    @Override
    public void addLong(long number) {
      integer = number;
    }

    @Override
    public void addDouble(double number) {
      real = number;
    }
  }

  private static final class FlagColumn extends PrimitiveConverter {
    private boolean value;

    @Override
    public void addBoolean(boolean flag) {
      value = flag;
    }
  }
}
