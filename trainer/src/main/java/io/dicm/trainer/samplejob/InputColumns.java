package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.InputTable;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which columns of the tables the job asks for. A column that is read anywhere in the job has to be
 * named here: Parquet leaves out all others. Immutable.
 */
final class InputColumns {
  private final FeatureSchema schema;
  private final Map<InputTable, List<String>> further;

  /**
   * @param further columns that are read beside those of the schema and the tables' own
   */
  InputColumns(FeatureSchema schema, Map<InputTable, List<String>> further) {
    this.schema = schema;
    this.further = Map.copyOf(further);
  }

  /** Columns that a table must have. */
  List<String> required(InputTable table) {
    Set<String> columns = new LinkedHashSet<>();
    switch (table) {
      case ITEMS -> columns.addAll(List.of("item_id", "image_id"));
      case USERS -> columns.add("user_id");
      case IMPRESSIONS -> columns.addAll(List.of("user_id", "item_id", "ts", "label"));
      case BEHAVIORS -> columns.addAll(List.of("user_id", "item_id", "ts"));
    }
    fields(table).forEach(field -> columns.add(field.name()));
    return List.copyOf(columns);
  }

  /** Columns that are read: those that it must have, then those that it may have. */
  List<String> read(InputTable table) {
    List<String> columns = new ArrayList<>(required(table));
    Stream.concat(optional(table).stream(), further.getOrDefault(table, List.of()).stream())
        .filter(name -> !columns.contains(name))
        .forEach(columns::add);
    return columns;
  }

  /** The features whose columns a table has. */
  List<FeatureField> fields(InputTable table) {
    return switch (table) {
      case ITEMS -> schema.itemFields();
      case USERS -> schema.userFields();
      case IMPRESSIONS -> schema.contextFields();
      case BEHAVIORS -> List.of();
    };
  }

  private static List<String> optional(InputTable table) {
    return switch (table) {
      case ITEMS -> List.of("category");
      case IMPRESSIONS -> List.of("impression_id");
      case USERS, BEHAVIORS -> List.of();
    };
  }
}
