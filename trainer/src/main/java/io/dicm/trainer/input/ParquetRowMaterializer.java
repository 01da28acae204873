package io.dicm.trainer.input;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** Puts a Parquet record's values into a {@link ParquetRow}. For one thread. */
final class ParquetRowMaterializer extends RecordMaterializer<TableRow> {
  private final Set<String> wanted;
  private final Set<String> lists = new HashSet<>();
  private final List<Converter> columns = new ArrayList<>();
  private final Map<String, List<String>> cells = new HashMap<>();
  private final Root root = new Root();

  ParquetRowMaterializer(MessageType schema, Set<String> wanted) {
    this.wanted = wanted;
    for (Type type : schema.getFields()) {
      String name = type.getName();
      if (!type.isPrimitive() || type.isRepetition(Type.Repetition.REPEATED)) {
        lists.add(name);
      }
      columns.add(converter(type, name));
    }
  }

  @Override
  public TableRow getCurrentRecord() {
    return new ParquetRow(wanted, Map.copyOf(cells), lists);
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  private Converter converter(Type type, String column) {
    return type.isPrimitive()
        ? new Value(type.asPrimitiveType(), column)
        : new Nested(type.asGroupType(), column);
  }

  private void add(String column, String text) {
    cells.computeIfAbsent(column, name -> new ArrayList<>(1)).add(text);
  }

  private final class Root extends GroupConverter {
    @Override
    public Converter getConverter(int index) {
      return columns.get(index);
    }

    @Override
    public void start() {
      cells.clear();
    }

    @Override
    public void end() {}
  }

  /** A list, or a level of one. */
  private final class Nested extends GroupConverter {
    private final Converter only;

    Nested(GroupType type, String column) {
      this.only = converter(type.getType(0), column);
    }

    @Override
    public Converter getConverter(int index) {
      return only;
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  private final class Value extends PrimitiveConverter {
    private final ParquetText text;
    private final String column;

    Value(PrimitiveType type, String column) {
      this.text = new ParquetText(type);
      this.column = column;
    }

    @Override
    public void addBinary(Binary value) {
      add(column, text.of(value));
    }

    @Override
    public void addBoolean(boolean value) {
      add(column, text.of(value));
    }

    @Override
    public void addDouble(double value) {
      add(column, text.of(value));
    }

    @Override
    public void addFloat(float value) {
      add(column, text.of(value));
    }

    @Override
    public void addInt(int value) {
      add(column, text.of(value));
    }

    @Override
    public void addLong(long value) {
      add(column, text.of(value));
    }
  }
}
