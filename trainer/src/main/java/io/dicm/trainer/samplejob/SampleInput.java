package io.dicm.trainer.samplejob;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.input.CsvHeader;
import io.dicm.trainer.input.CsvTable;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * An input directory whose tables were checked to be there with the columns that the schema needs.
 *
 * @param impressions columns of impressions.csv
 * @param behaviors columns of behaviors.csv, when there is one
 */
record SampleInput(
    InputLayout layout,
    FeatureSchema schema,
    CsvHeader impressions,
    Optional<CsvHeader> behaviors) {

  /**
   * @throws DicmException {@link ErrorCode#INPUT_MISSING}, {@link ErrorCode#INPUT_INVALID} or
   *     {@link ErrorCode#FEATURES_JSON_INVALID}
   */
  static SampleInput check(Configuration conf, InputLayout layout) throws IOException {
    requireDirectory(conf, layout.root());
    FeatureSchema schema = FeatureSchema.read(conf, layout.features());
    requireColumns(
        CsvTable.header(conf, layout.items()), schema.itemFields(), "item_id", "image_id");
    checkUsers(conf, layout.users(), schema.userFields());
    CsvHeader impressions = CsvTable.header(conf, layout.impressions());
    requireColumns(impressions, schema.contextFields(), "user_id", "item_id", "ts", "label");
    Optional<CsvHeader> behaviors = behaviors(conf, layout.behaviors());
    new DwellFilter(SampleSettings.of(conf).minDwellSeconds())
        .requireColumn(
            behaviors.isPresent() ? InputLayout.BEHAVIORS : InputLayout.IMPRESSIONS,
            behaviors.orElse(impressions));
    return new SampleInput(layout, schema, impressions, behaviors);
  }

  private static void requireDirectory(Configuration conf, Path root) throws IOException {
    if (!root.getFileSystem(conf).exists(root)) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot read the input: there is no directory " + root + ".");
    }
  }

  private static void checkUsers(Configuration conf, Path users, List<FeatureField> fields)
      throws IOException {
    if (users.getFileSystem(conf).exists(users)) {
      requireColumns(CsvTable.header(conf, users), fields, "user_id");
    } else if (fields.stream().anyMatch(field -> !field.name().equals("user_id"))) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read "
              + users
              + ": there is no such file, but features.json has user features beside user_id.");
    }
  }

  private static Optional<CsvHeader> behaviors(Configuration conf, Path file) throws IOException {
    if (!file.getFileSystem(conf).exists(file)) {
      return Optional.empty();
    }
    CsvHeader header = CsvTable.header(conf, file);
    requireColumns(header, List.of(), "user_id", "item_id", "ts");
    return Optional.of(header);
  }

  private static void requireColumns(
      CsvHeader header, List<FeatureField> fields, String... fixedColumns) {
    List<String> columns = new ArrayList<>(List.of(fixedColumns));
    fields.stream()
        .map(FeatureField::name)
        .filter(name -> !columns.contains(name))
        .forEach(columns::add);
    header.require(columns);
  }
}
