package io.dicm.trainer.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The features of {@code features.json}, in the file's order. All arrays of keys in samples follow
 * the order of the lists here. Immutable and safe for use by many threads.
 */
public final class FeatureSchema {
  private final List<FeatureField> fields;
  private final List<FeaturePair> crosses;

  private FeatureSchema(List<FeatureField> fields, List<FeaturePair> crosses) {
    this.fields = List.copyOf(fields);
    this.crosses = List.copyOf(crosses);
  }

  /**
   * Reads and checks a {@code features.json}.
   *
   * @throws io.dicm.common.error.DicmException {@code FEATURES_JSON_INVALID}, naming the file, the
   *     feature and what is allowed
   */
  public static FeatureSchema read(Configuration conf, Path file) {
    FeatureSchemaParser parser = new FeatureSchemaParser(file.toString());
    JsonNode root = parser.readTree(conf, file);
    return of(parser.fields(root), parser.crosses(root), file.toString());
  }

  /**
   * A schema of these fields, without crosses.
   *
   * @param source what to call the schema in error messages
   * @throws io.dicm.common.error.DicmException {@code FEATURES_JSON_INVALID} when a field or their
   *     combination is not allowed
   */
  public static FeatureSchema of(List<FeatureField> fields, String source) {
    return of(fields, List.of(), source);
  }

  /**
   * A schema of these fields and crosses.
   *
   * @param source what to call the schema in error messages
   * @throws io.dicm.common.error.DicmException {@code FEATURES_JSON_INVALID} when a field, a cross
   *     or their combination is not allowed
   */
  public static FeatureSchema of(
      List<FeatureField> fields, List<FeaturePair> crosses, String source) {
    new FeatureSchemaRules(source).check(fields);
    new FeaturePairRules(source, fields).check(crosses);
    return new FeatureSchema(fields, crosses);
  }

  /** Writes the schema as a {@code features.json} that {@link #read} reads. */
  public void write(Configuration conf, Path file) throws IOException {
    new JsonFiles(conf).write(file, FeaturesDocument.of(this));
  }

  public List<FeatureField> fields() {
    return fields;
  }

  /** Pairs of features that have weights of their own, in the file's order. */
  public List<FeaturePair> crosses() {
    return crosses;
  }

  public List<FeatureField> userFields() {
    return where(field -> field.side() == FeatureSide.USER);
  }

  public List<FeatureField> itemFields() {
    return where(field -> field.side() == FeatureSide.ITEM);
  }

  public List<FeatureField> contextFields() {
    return where(field -> field.side() == FeatureSide.CONTEXT);
  }

  /** The item fields that behaviours carry. */
  public List<FeatureField> behaviorFields() {
    return where(FeatureField::behavior);
  }

  /** The item fields that form the attention's ID query. */
  public List<FeatureField> queryFields() {
    return where(FeatureField::query);
  }

  /**
   * Identifies names, sides, kinds, flags, buckets, hash spaces, crosses and order: lower-case
   * hexadecimal SHA-256. The layout of the file does not matter.
   */
  public String digest() {
    MessageDigest sha256 = FileDigest.newSha256();
    for (FeatureField field : fields) {
      String line =
          String.join(
              "|",
              field.name(),
              field.side().name(),
              field.kind().name(),
              Boolean.toString(field.behavior()),
              Boolean.toString(field.query()));
      // What a field does not have adds nothing: digests of older schemas stay as they were.
      line += field.buckets().map(buckets -> "|buckets " + buckets.text()).orElse("");
      line += field.hashSpace() == 0 ? "" : "|hash_space " + field.hashSpace();
      sha256.update((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
    for (FeaturePair cross : crosses) {
      String line = "cross|" + cross.first() + "|" + cross.second() + "\n";
      sha256.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureSchema schema
        && fields.equals(schema.fields)
        && crosses.equals(schema.crosses);
  }

  @Override
  public int hashCode() {
    return Objects.hash(fields, crosses);
  }

  @Override
  public String toString() {
    return "FeatureSchema" + fields + (crosses.isEmpty() ? "" : " with crosses " + crosses);
  }

  private List<FeatureField> where(Predicate<FeatureField> condition) {
    return fields.stream().filter(condition).toList();
  }
}
