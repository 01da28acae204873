package io.dicm.trainer.sample;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.List;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The Parquet type of samples under a schema, format {@value #FORMAT_VERSION}: a row is a run of
 * consecutive samples of one user, and what samples share is stored once.
 *
 * <ul>
 *   <li>Items are numbered in the order in which rows need them. {@code items} has those that no
 *       row before needed, {@code items_before} how many came before them: 0 where a new count
 *       begins, as in the first row of every row group.
 *   <li>{@code history} has the item numbers of the user's clicks, each click once, oldest first.
 *       Of each element of {@code moments}, {@code arrived} clicks are new, and the last {@code
 *       behaviors} of those that have arrived are the moment's. A behaviour has the first key of
 *       its item in each behaviour field. An item that was clicked and not shown has an empty
 *       {@code item_id}, and those keys alone.
 *   <li>{@code ts_step} is the difference to the moment before in the row, for the first one to
 *       1970. {@code impression_id} is left out where {@code id_step} says it ({@link
 *       ImpressionIds}, from the impression before in the row group).
 * </ul>
 *
 * <p>Every feature has a column of its own below {@code user}, {@code item} or {@code context}, a
 * list of 64-bit keys. Groups that would have no column are left out.
 */
final class SampleFormat {
  /**
   * The version that this software writes and reads. Files of format 1, a row a moment, have none
   * in their footers; those of format 2 had every impression's item in full.
   */
  static final int FORMAT_VERSION = 3;

  /** Footer entry: the format's version. */
  static final String FORMAT = "dicm.samples.format";

  /** Footer entry: the digest of the features that the file was written with. */
  static final String SCHEMA_DIGEST = "dicm.schema.digest";

  /** Small enough that a shuffled order of row groups mixes a file's users. */
  static final long ROW_GROUP_BYTES = 8L << 20;

  static final String USER = "user";
  static final String ITEMS_BEFORE = "items_before";
  static final String ITEMS = "items";
  static final String HISTORY = "history";
  static final String IMAGE_KEYS = "image_keys";
  static final String IDS = "ids";
  static final String MOMENTS = "moments";
  static final String TS_STEP = "ts_step";
  static final String ARRIVED = "arrived";
  static final String BEHAVIORS = "behaviors";
  static final String IMPRESSIONS = "impressions";
  static final String ID_STEP = "id_step";
  static final String ITEM_NUMBER = "item_number";
  static final String ITEM = "item";
  static final String CONTEXT = "context";

  /** Rows after which Parquet looks at its memory first; a row may be hundreds of samples. */
  private static final int ROWS_BEFORE_FIRST_LOOK = 10;

  /** Columns of numbers of which most are small, by path. */
  private static final List<String> SMALL_NUMBERS =
      List.of(
          String.join(".", HISTORY, "list", "element"),
          String.join(".", MOMENTS, "list", "element", TS_STEP),
          String.join(".", MOMENTS, "list", "element", IMPRESSIONS, "list", "element", ID_STEP),
          String.join(
              ".", MOMENTS, "list", "element", IMPRESSIONS, "list", "element", ITEM_NUMBER));

  private SampleFormat() {}

  static MessageType messageType(FeatureSchema schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    message.addFields(text("user_id"), int32(ITEMS_BEFORE), items(schema));
    message.addFields(list(int32("element"), HISTORY), moments(schema));
    addUser(message, schema);
    return message.named("samples");
  }

  /** A row an impression, with all that its sample has. */
  static MessageType flatMessageType(FeatureSchema schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    message.addFields(text("user_id"), int64("ts"), behaviors(schema));
    message.addFields(text("impression_id"), int32("label"));
    message.addFields(itemFields(schema));
    addContext(message, schema);
    addUser(message, schema);
    return message.named("impression");
  }

  /** What the footers of files have beside Parquet's own entries. */
  static Map<String, String> footer(FeatureSchema schema) {
    return Map.of(FORMAT, Integer.toString(FORMAT_VERSION), SCHEMA_DIGEST, schema.digest());
  }

  /** Parquet's settings for samples. */
  static <T> ParquetTableWriter.Builder<T> tune(
      ParquetTableWriter.Builder<T> builder, long rowGroupBytes) {
    return builder
        .withRowGroupSize(rowGroupBytes)
        .withMinRowCountForPageSizeCheck(ROWS_BEFORE_FIRST_LOOK);
  }

  /**
   * Further settings for files of {@link #messageType}. Small numbers are stored byte by byte,
   * lowest bytes together: ZSTD finds more in whole bytes than in the bits of a dictionary's
   * indices.
   */
  static <T> ParquetTableWriter.Builder<T> splitSmallNumbers(
      ParquetTableWriter.Builder<T> builder) {
    for (String column : SMALL_NUMBERS) {
      builder.withDictionaryEncoding(column, false).withByteStreamSplitEncoding(column, true);
    }
    return builder;
  }

  /** The samples of a row group, by its footer: every one has a moment. */
  static long samples(BlockMetaData rowGroup) {
    ColumnPath moment = ColumnPath.get(MOMENTS, "list", "element", TS_STEP);
    return rowGroup.getColumns().stream()
        .filter(column -> column.getPath().equals(moment))
        .mapToLong(ColumnChunkMetaData::getValueCount)
        .sum();
  }

  private static void addUser(Types.MessageTypeBuilder message, FeatureSchema schema) {
    if (!schema.userFields().isEmpty()) {
      message.addField(keys(USER, schema.userFields()));
    }
  }

  private static void addContext(Types.GroupBuilder<?> group, FeatureSchema schema) {
    if (!schema.contextFields().isEmpty()) {
      group.addField(keys(CONTEXT, schema.contextFields()));
    }
  }

  private static GroupType behaviors(FeatureSchema schema) {
    Types.GroupBuilder<GroupType> group = Types.requiredGroup().addField(keyList(IMAGE_KEYS));
    if (!schema.behaviorFields().isEmpty()) {
      group.addField(keys(IDS, schema.behaviorFields()));
    }
    return group.named(BEHAVIORS);
  }

  private static GroupType moments(FeatureSchema schema) {
    Types.GroupBuilder<GroupType> shown =
        Types.requiredGroup()
            .addField(
                Types.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named("impression_id"))
            .addFields(int64(ID_STEP), int32("label"), int32(ITEM_NUMBER));
    addContext(shown, schema);
    GroupType impression = shown.named("element");
    GroupType moment =
        Types.requiredGroup()
            .addFields(int64(TS_STEP), int32(ARRIVED), int32(BEHAVIORS))
            .addField(list(impression, IMPRESSIONS))
            .named("element");
    return list(moment, MOMENTS);
  }

  private static GroupType items(FeatureSchema schema) {
    return list(Types.requiredGroup().addFields(itemFields(schema)).named("element"), ITEMS);
  }

  private static Type[] itemFields(FeatureSchema schema) {
    return new Type[] {
      text("item_id"), text("category"), int64("image_key"), keys(ITEM, schema.itemFields())
    };
  }

  private static GroupType keys(String name, List<FeatureField> fields) {
    Type[] lists = fields.stream().map(field -> keyList(field.name())).toArray(Type[]::new);
    return Types.requiredGroup().addFields(lists).named(name);
  }

  private static GroupType keyList(String name) {
    return list(int64("element"), name);
  }

  private static GroupType list(Type element, String name) {
    return Types.requiredGroup()
        .as(LogicalTypeAnnotation.listType())
        .addField(Types.repeatedGroup().addField(element).named("list"))
        .named(name);
  }

  private static PrimitiveType text(String name) {
    return Types.required(PrimitiveTypeName.BINARY)
        .as(LogicalTypeAnnotation.stringType())
        .named(name);
  }

  private static PrimitiveType int32(String name) {
    return Types.required(PrimitiveTypeName.INT32).named(name);
  }

  private static PrimitiveType int64(String name) {
    return Types.required(PrimitiveTypeName.INT64).named(name);
  }
}
