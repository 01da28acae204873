package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeaturePair;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code model.json} gives back of the features. */
class TestModelDescription {
  private static final List<FeatureField> FIELDS =
      List.of(
          new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
          new FeatureField("age", FeatureSide.USER, FeatureKind.ID, false, false));

  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;

  @Test
  void givesBackTheSchemaWithItsCrosses() throws IOException {
    FeatureSchema schema =
        FeatureSchema.of(FIELDS, List.of(new FeaturePair("age", "behavior:item_id")), "test");

    ModelDescription read = written(schema);

    assertThat(read.crosses()).isEqualTo(schema.crosses());
    assertThat(read.schema()).isEqualTo(schema);
    assertThat(read.schema().digest()).isEqualTo(read.schemaDigest());
    assertThat(read.trainedOn("run").startedFrom(null).crosses()).isEqualTo(schema.crosses());
    assertThat(read.network().shape()).isEqualTo(NetworkShape.of(FIELDS, 4, ImageMode.NONE));
  }

  /** Files of older versions have no crosses either. */
  @Test
  void aSchemaWithoutCrossesLeavesThemOut() throws IOException {
    FeatureSchema schema = FeatureSchema.of(FIELDS, "test");

    ModelDescription read = written(schema);

    assertThat(Files.readString(directory.resolve(ModelDescription.FILE)))
        .contains("\"fields\"")
        .doesNotContain("crosses");
    assertThat(read.crosses()).isEmpty();
    assertThat(read.schema()).isEqualTo(schema);
  }

  private ModelDescription written(FeatureSchema schema) throws IOException {
    Path path = new Path(directory.toUri());
    description(schema).write(conf, path);
    return ModelDescription.read(conf, path);
  }

  private static ModelDescription description(FeatureSchema schema) {
    DicmNetwork network = new DicmNetwork(NetworkShape.of(FIELDS, 4, ImageMode.NONE));
    return ModelDescription.of(
        schema,
        network,
        SubModelShape.USUAL,
        "memory",
        true,
        new ModelDescription.Training(
            1,
            1,
            1,
            1,
            1,
            0.1,
            1f,
            "adam",
            0,
            MissingImages.ZERO,
            1.0,
            ImageControl.NONE,
            0,
            null));
  }
}
