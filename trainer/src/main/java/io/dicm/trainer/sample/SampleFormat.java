package io.dicm.trainer.sample;

import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * The Parquet type of samples under a schema: every feature has a column of its own below {@code
 * user}, {@code behaviors.ids}, {@code item} or {@code context}, a list of 64-bit keys. Groups that
 * would have no column are left out.
 */
final class SampleFormat {
  /** Footer entry: the digest of the features that the file was written with. */
  static final String SCHEMA_DIGEST = "dicm.schema.digest";

  static final String USER = "user";
  static final String BEHAVIORS = "behaviors";
  static final String IMAGE_KEYS = "image_keys";
  static final String IDS = "ids";
  static final String IMPRESSIONS = "impressions";
  static final String ITEM = "item";
  static final String CONTEXT = "context";

  private SampleFormat() {}

  static MessageType messageType(FeatureSchema schema) {
    Types.MessageTypeBuilder message = Types.buildMessage();
    message.addFields(text("user_id"), int64("ts"), behaviors(schema), impressions(schema));
    if (!schema.userFields().isEmpty()) {
      message.addField(keys(USER, schema.userFields()));
    }
    return message.named("sample");
  }

  private static GroupType behaviors(FeatureSchema schema) {
    Types.GroupBuilder<GroupType> group = Types.requiredGroup().addField(keyList(IMAGE_KEYS));
    if (!schema.behaviorFields().isEmpty()) {
      group.addField(keys(IDS, schema.behaviorFields()));
    }
    return group.named(BEHAVIORS);
  }

  private static GroupType impressions(FeatureSchema schema) {
    Types.GroupBuilder<GroupType> element =
        Types.requiredGroup()
            .addFields(
                text("impression_id"),
                text("item_id"),
                text("category"),
                Types.required(PrimitiveTypeName.INT32).named("label"),
                int64("image_key"),
                keys(ITEM, schema.itemFields()));
    if (!schema.contextFields().isEmpty()) {
      element.addField(keys(CONTEXT, schema.contextFields()));
    }
    return list(element.named("element"), IMPRESSIONS);
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

  private static PrimitiveType int64(String name) {
    return Types.required(PrimitiveTypeName.INT64).named(name);
  }
}
