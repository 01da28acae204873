package io.dicm.trainer.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Crosses in {@code features.json}. */
class TestFeaturePairs {
  private static final String FEATURES =
      """
      "features": [
        {"name": "item_id",  "side": "item", "kind": "id"},
        {"name": "category", "side": "item", "kind": "id", "behavior": true},
        {"name": "tags",     "side": "item", "kind": "ids"},
        {"name": "age",      "side": "user", "kind": "number", "buckets": {"log": 2}},
        {"name": "hour",     "side": "context", "kind": "id"}]
      """;

  private static final String NAMES =
      "allowed item_id, category, tags, age, hour, behavior:category";

  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;

  @Test
  void readsPairsOfAnySidesInTheFilesOrder() throws IOException {
    FeatureSchema schema =
        read(
            "[[\"age\", \"category\"], [\"behavior:category\", \"category\"], [\"hour\", \"tags\"]]");

    assertThat(schema.crosses())
        .containsExactly(
            new FeaturePair("age", "category"),
            new FeaturePair("behavior:category", "category"),
            new FeaturePair("hour", "tags"));
    assertThat(read("[]").crosses()).isEmpty();
    assertThat(plain().crosses()).isEmpty();
  }

  @Test
  void readsWhatItWrites() throws IOException {
    FeatureSchema schema = read("[[\"age\", \"behavior:category\"]]");
    java.nio.file.Path file = directory.resolve("again.json");

    schema.write(conf, new Path(file.toUri()));

    assertThat(FeatureSchema.read(conf, new Path(file.toUri()))).isEqualTo(schema);
    assertThat(schema).isNotEqualTo(plain());

    plain().write(conf, new Path(file.toUri()));
    assertThat(Files.readString(file)).doesNotContain("crosses");
  }

  /** Samples and models of earlier releases have the pinned one. */
  @Test
  void digestCoversCrossesAndTheirOrderAlone() throws IOException {
    String digest = read("[[\"age\", \"category\"]]").digest();

    assertThat(plain().digest())
        .isEqualTo("c22e796ff30e5a7ee817990d874a349ad773aa0017e08e15ad0c75c54bccd0d5")
        .isEqualTo(read("[]").digest())
        .isNotEqualTo(digest);
    assertThat(read("[[\"category\", \"age\"]]").digest()).isNotEqualTo(digest);
    assertThat(read("[[\"age\", \"behavior:category\"]]").digest()).isNotEqualTo(digest);
    assertThat(read("[[\"age\", \"category\"], [\"age\", \"hour\"]]").digest())
        .isNotEqualTo(digest)
        .isNotEqualTo(read("[[\"age\", \"hour\"], [\"age\", \"category\"]]").digest());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
      7                                ; 'crosses' was not a list of pairs of features' names
      {"a": 1}                         ; 'crosses' was not a list of pairs of features' names
      ["age"]                          ; cross 1 was "age", needed two names, such as ["age", "behavior:category"]
      [["age"]]                        ; cross 1 was ["age"], needed two names
      [["age", "hour", "tags"]]        ; cross 1 was ["age","hour","tags"], needed two names
      [["age", "hour"], ["age", 7]]    ; cross 2 was ["age",7], needed two names
      [{"first": "age", "second": "hour"}] ; cross 1 was {"first":"age","second":"hour"}, needed two names
      [["age", "size"]]                ; cross 1 (["age", "size"]) has 'size', NAMES
      [["behavior:tags", "hour"]]      ; cross 1 (["behavior:tags", "hour"]) has 'behavior:tags', NAMES
      [["behavior:", "hour"]]          ; has 'behavior:', NAMES
      [["age", "hour"], ["age", "age"]] ; cross 2 (["age", "age"]) has 'age' twice, needed two different features
      [["behavior:category", "behavior:category"]] ; has 'behavior:category' twice
      [["age", "hour"], ["age", "tags"], ["age", "hour"]] ; cross 3 (["age", "hour"]) is of the same features as cross 1, allowed is one
      [["age", "hour"], ["hour", "age"]] ; cross 2 (["hour", "age"]) is of the same features as cross 1
      """)
  void refusesWithFileCrossAndAllowedValues(String crosses, String message) {
    assertRefused(crosses, message.replace("NAMES", NAMES));
  }

  @Test
  void refusesMoreThan64() throws IOException {
    assertThat(many(64).crosses()).hasSize(64);
    assertThatThrownBy(() -> many(65))
        .hasMessageContaining("there are 65 crosses, allowed 0 to 64");
  }

  private FeatureSchema many(int count) throws IOException {
    String fields =
        IntStream.range(0, count)
            .mapToObj(i -> "{\"name\": \"f" + i + "\", \"side\": \"user\", \"kind\": \"id\"}, ")
            .collect(Collectors.joining());
    String crosses =
        IntStream.range(0, count)
            .mapToObj(i -> "[\"f" + i + "\", \"item_id\"]")
            .collect(Collectors.joining(", ", "[", "]"));
    return readFile(
        "{"
            + FEATURES.replace("\"features\": [", "\"features\": [" + fields)
            + ", \"crosses\": "
            + crosses
            + "}");
  }

  private void assertRefused(String crosses, String message) {
    assertThatThrownBy(() -> read(crosses))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("features.json")
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.FEATURES_JSON_INVALID);
  }

  private FeatureSchema plain() throws IOException {
    return readFile("{" + FEATURES + "}");
  }

  private FeatureSchema read(String crosses) throws IOException {
    return readFile("{" + FEATURES + ", \"crosses\": " + crosses + "}");
  }

  private FeatureSchema readFile(String json) throws IOException {
    java.nio.file.Path file = directory.resolve("features.json");
    Files.writeString(file, json);
    return FeatureSchema.read(conf, new Path(file.toUri()));
  }
}
