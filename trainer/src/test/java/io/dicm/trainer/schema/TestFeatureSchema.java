package io.dicm.trainer.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestFeatureSchema {
  private static final String COMPLETE =
      """
      {"features": [
        {"name": "user_id",  "side": "user", "kind": "id"},
        {"name": "item_id",  "side": "item", "kind": "id",  "behavior": true, "query": true},
        {"name": "image_id", "side": "item", "kind": "id",  "behavior": true},
        {"name": "hour",     "side": "context", "kind": "id"},
        {"name": "category", "side": "item", "kind": "ids", "query": true}]}
      """;

  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;

  @Test
  void keepsTheOrderOfTheFileOnEachSide() throws IOException {
    FeatureSchema schema = read(COMPLETE);

    assertThat(schema.userFields()).extracting(FeatureField::name).containsExactly("user_id");
    assertThat(schema.itemFields())
        .extracting(FeatureField::name)
        .containsExactly("item_id", "image_id", "category");
    assertThat(schema.contextFields()).extracting(FeatureField::name).containsExactly("hour");
    assertThat(schema.behaviorFields())
        .extracting(FeatureField::name)
        .containsExactly("item_id", "image_id");
    assertThat(schema.queryFields())
        .extracting(FeatureField::name)
        .containsExactly("item_id", "category");
    assertThat(schema.itemFields().get(2).kind()).isEqualTo(FeatureKind.IDS);
  }

  @Test
  void digestIsOfTheMeaningAndNotOfTheLayout() throws IOException {
    FeatureSchema schema = read(COMPLETE);

    assertThat(schema.digest())
        .hasSize(64)
        .isEqualTo(read(COMPLETE.replace("\n", " ")).digest())
        .isNotEqualTo(read(COMPLETE.replace("\"hour\"", "\"day\"")).digest())
        .isNotEqualTo(read(COMPLETE.replace("\"ids\", \"query\": true", "\"ids\"")).digest());
  }

  @Test
  void readsWhatItWrites() throws IOException {
    FeatureSchema schema = read(COMPLETE);
    Path file = new Path(directory.resolve("again.json").toUri());

    schema.write(conf, file);

    assertThat(FeatureSchema.read(conf, file)).isEqualTo(schema);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
      {}                                             ; 'features' was not a list
      {"features": []}                               ; 'features' was not a list
      {"features": [], "more": 1}                    ; unknown key 'more', allowed features
      {"features": [7]}                              ; feature 1 was not a JSON object
      {"features": [{"side": "item", "kind": "id"}]} ; feature 1 has no text 'name'
      {"features": [{"name": "a", "side": "shop", "kind": "id"}]} ; feature 1 ('a') has side 'shop', allowed user, item, context
      {"features": [{"name": "a", "side": "item", "kind": "list"}]} ; feature 1 ('a') has kind 'list', allowed id, ids
      {"features": [{"name": "a", "side": "item", "kind": "id", "size": 3}]} ; unknown key 'size', allowed name, side, kind, behavior, query
      {"features": [{"name": "a", "side": "item", "kind": "id", "query": "yes"}]} ; has query "yes", allowed true, false
      {"features": [{"name": "a b", "side": "item", "kind": "id"}]} ; 'a b' is not allowed, names are letters, digits and '_'
      {"features": [{"name": "ts", "side": "context", "kind": "id"}]} ; 'ts' cannot be a feature
      {"features": [{"name": "item_id", "side": "user", "kind": "id"}]} ; 'item_id' has side USER and kind ID, allowed only ITEM and ID
      {"features": [{"name": "a", "side": "item", "kind": "ids", "behavior": true}]} ; 'a' has behavior true, allowed only on side item, kind id
      {"features": [{"name": "a", "side": "user", "kind": "id", "query": true}]} ; 'a' has query true, allowed only on side item
      {"features": [{"name": "a", "side": "item", "kind": "id"}, {"name": "a", "side": "item", "kind": "id"}]} ; feature 'a' is there twice
      {"features": [{"name": "a", "side": "item", "kind": "id"}]} ; there is no feature 'item_id'
      {"features": [                                 ; Cannot read
      """)
  void refusesWithFileFieldAndAllowedValues(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("features.json")
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.FEATURES_JSON_INVALID);
  }

  @Test
  void saysWhenTheFileIsMissing() {
    Path missing = new Path("file:///nowhere/features.json");

    assertThatThrownBy(() -> FeatureSchema.read(conf, missing))
        .hasMessageContaining("/nowhere/features.json")
        .hasMessageContaining("there is no such file");
  }

  @Test
  void checksFieldsMadeInCodeToo() {
    List<FeatureField> none = List.of();

    assertThatThrownBy(() -> FeatureSchema.of(none, "a test"))
        .hasMessageContaining("Cannot use a test: there is no feature 'item_id'");
  }

  private FeatureSchema read(String json) throws IOException {
    java.nio.file.Path file = directory.resolve("features.json");
    Files.writeString(file, json);
    return FeatureSchema.read(conf, new Path(file.toUri()));
  }
}
