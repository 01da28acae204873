package io.dicm.trainer.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.schema.NumberBuckets.Bounds;
import io.dicm.trainer.schema.NumberBuckets.Log;
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

  private static final String NUMBERS =
      """
      {"features": [
        {"name": "item_id", "side": "item", "kind": "id", "hash_space": 1000},
        {"name": "price",   "side": "item", "kind": "number", "buckets": [1.5, 20], "behavior": true},
        {"name": "age",     "side": "user", "kind": "number", "buckets": {"log": 2}}]}
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

  /** Samples and models of earlier releases have it. */
  @Test
  void digestOfASchemaWithoutBucketsAndHashSpacesStaysAsItWas() throws IOException {
    assertThat(read(COMPLETE).digest())
        .isEqualTo("58b020865957427bd55d8fd0e0cbb7ff6db6e65a751f9ddae6d029e509a32d03");
  }

  @Test
  void digestCoversBucketsAndHashSpaces() throws IOException {
    String numbers = NUMBERS;
    String digest = read(numbers).digest();

    assertThat(read(numbers.replace("1.5, 20", "1.50, 20.0")).digest()).isEqualTo(digest);
    assertThat(read(numbers.replace("1.5, 20", "1.5, 21")).digest()).isNotEqualTo(digest);
    assertThat(read(numbers.replace("\"log\": 2", "\"log\": 3")).digest()).isNotEqualTo(digest);
    assertThat(read(numbers.replace("1000", "1001")).digest()).isNotEqualTo(digest);
    assertThat(read(numbers.replace(", \"hash_space\": 1000", "")).digest()).isNotEqualTo(digest);
  }

  @Test
  void readsNumbersAndHashSpaces() throws IOException {
    FeatureSchema schema = read(NUMBERS);
    Path file = new Path(directory.resolve("again.json").toUri());

    schema.write(conf, file);

    assertThat(schema.fields().get(0).hashSpace()).isEqualTo(1000);
    assertThat(schema.fields().get(1).buckets()).contains(new Bounds(List.of(1.5, 20.0)));
    assertThat(schema.fields().get(2).buckets()).contains(new Log(2));
    assertThat(FeatureSchema.read(conf, file)).isEqualTo(schema);
    assertThat(FeatureSchema.read(conf, file).digest()).isEqualTo(schema.digest());
  }

  /** Models have the fields themselves in their JSON. */
  @Test
  void fieldsGoThroughTheJsonOfModels() throws IOException {
    JsonFiles json = new JsonFiles(conf);
    for (FeatureField field : read(NUMBERS).fields()) {
      assertThat(json.parse(json.oneLine(field), FeatureField.class)).isEqualTo(field);
    }
    FeatureField plain = read(COMPLETE).fields().get(0);
    assertThat(json.oneLine(plain)).doesNotContain("uckets", "hashSpace");
    assertThat(json.parse(json.oneLine(plain), FeatureField.class)).isEqualTo(plain);
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
      {"features": [{"name": "a", "side": "item", "kind": "list"}]} ; feature 1 ('a') has kind 'list', allowed id, ids, number
      {"features": [{"name": "a", "side": "item", "kind": "id", "size": 3}]} ; unknown key 'size', allowed name, side, kind, behavior, query, buckets, hash_space
      {"features": [{"name": "a", "side": "item", "kind": "id", "query": "yes"}]} ; has query "yes", allowed true, false
      {"features": [{"name": "a b", "side": "item", "kind": "id"}]} ; 'a b' is not allowed, names are letters, digits and '_'
      {"features": [{"name": "ts", "side": "context", "kind": "id"}]} ; 'ts' cannot be a feature
      {"features": [{"name": "item_id", "side": "user", "kind": "id"}]} ; 'item_id' has side USER and kind ID, allowed only ITEM and ID
      {"features": [{"name": "a", "side": "item", "kind": "ids", "behavior": true}]} ; 'a' has behavior true, allowed only on side item, kind id or number
      {"features": [{"name": "a", "side": "item", "kind": "id", "dimension": 8}]} ; feature 1 has a 'dimension', but the embeddings of all features have one dimension, dicm.model.embedding-dimension
      {"features": [{"name": "a", "side": "item", "kind": "number"}]} ; 'a' has kind number and no buckets, needed a list of bounds
      {"features": [{"name": "a", "side": "item", "kind": "id", "buckets": [1]}]} ; 'a' has buckets, allowed only with kind number
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": []}]} ; 'a' has 0 bounds, allowed 1 to 10000
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": [1, 1]}]} ; 'a' has the bound 1.0 after 1.0, bounds must be ascending
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": [1, 1e999]}]} ; 'a' has the bound Infinity after 1.0
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": ["1"]}]} ; ('a') has the bound "1" in buckets, needed numbers
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": {"log": 1}}]} ; 'a' has buckets by the logarithm to the base 1.0, allowed 1.1 to 1000.0
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": {"ln": 2}}]} ; ('a') has buckets {"ln":2}, allowed a list of bounds
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": {"quantiles": 9}}]} ; ('a') has buckets by quantiles, which change with the data
      {"features": [{"name": "a", "side": "item", "kind": "number", "buckets": [1], "hash_space": 9}]} ; 'a' has kind number and hash_space
      {"features": [{"name": "a", "side": "item", "kind": "id", "hash_space": 1}]} ; 'a' has hash_space 1, allowed 2 to 1099511627776
      {"features": [{"name": "a", "side": "item", "kind": "id", "hash_space": 0}]} ; ('a') has hash_space 0, allowed 2 to
      {"features": [{"name": "a", "side": "item", "kind": "id", "hash_space": 2.5}]} ; ('a') has hash_space 2.5, allowed 2 to
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
