package io.dicm.app.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.server.WarmStartMode;
import io.dicm.ams.shard.ImageControl;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkChoice;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestWarmStart {
  private static final FeatureField ITEM =
      new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, false, false);
  private static final FeatureField USER =
      new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false);
  private static final FeatureSchema SCHEMA = FeatureSchema.of(List.of(ITEM), "test");

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration();
  private Workspace workspace;

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
    workspace = new Workspace(new Path(folder.toUri()));
  }

  @Test
  void thereIsNoneByDefault() throws IOException {
    assertThat(find()).isNull();
  }

  @Test
  void aNameIsARunWhoseLastCheckpointCounts() throws IOException {
    CheckpointStore store = yesterday();
    conf.set("dicm.train.warm-start", "yesterday");

    WarmStart warm = find();

    assertThat(warm.checkpoint()).isEqualTo(store.directory(200));
    assertThat(warm.mode()).isEqualTo(WarmStartMode.PARTIAL);
    assertThat(warm.startPoint().firstStep()).isZero();
    assertThat(warm.startPoint().orders().getWarmStartMode()).isEqualTo("PARTIAL");
    assertThat(warm.startPoint().orders().getCheckpointDirectory())
        .isEqualTo(store.directory(200).toString());
  }

  @Test
  void aPathIsACheckpoint() throws IOException {
    CheckpointStore store = yesterday();
    conf.set("dicm.train.warm-start", store.directory(100).toString());
    conf.set("dicm.train.warm-start-mode", "full");

    assertThat(find().startPoint())
        .isEqualTo(new StartPoint.Warm(store.directory(100), WarmStartMode.FULL));
  }

  @Test
  void modeNoneIsNoWarmStart() throws IOException {
    yesterday();
    conf.set("dicm.train.warm-start", "yesterday");
    conf.set("dicm.train.warm-start-mode", "none");

    assertThat(find()).isNull();
  }

  @Test
  void whatIsNotThereIsNamed() {
    conf.set("dicm.train.warm-start", "yesterday");
    assertFails(
        this::find,
        ErrorCode.INPUT_MISSING,
        "Cannot start from run 'yesterday' (dicm.train.warm-start): there is no checkpoint below");
    conf.set("dicm.train.warm-start", folder.resolve("other").toUri().toString());
    assertFails(this::find, ErrorCode.INPUT_MISSING, "other: it has no _SUCCESS");
  }

  @Test
  void anotherNetworkOrExtractorDoesNotFit() {
    WarmStart warm =
        new WarmStart(
            new Path("/c"),
            WarmStartMode.FULL,
            new CheckpointOrigin(
                "application_1_0001",
                "r",
                "2026-07-01",
                "vgg",
                SCHEMA.digest(),
                ImageMode.AD,
                null,
                SubModelShape.USUAL,
                null,
                false,
                null,
                null,
                null,
                null));

    assertThatCode(() -> requireNetwork(warm, SCHEMA, ImageMode.AD)).doesNotThrowAnyException();
    assertThatCode(() -> requirePictures(warm, "vgg", 4096)).doesNotThrowAnyException();
    assertFails(
        () -> requireNetwork(warm, SCHEMA, ImageMode.JOINT),
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot start from /c: its place of pictures (dicm.train.images) is AD, here it is JOINT.");
    assertFails(
        () -> requireNetwork(warm, FeatureSchema.of(List.of(ITEM, USER), "test"), ImageMode.AD),
        ErrorCode.SCHEMA_MISMATCH,
        "its features' digest is");
    assertFails(
        () -> requirePictures(warm, "resnet", 4096),
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot start from /c: its extractor is vgg, here it is resnet.");
  }

  /** Files that name no sub-model are of trainings with the usual one. */
  @Test
  void anotherSubModelDoesNotFit() throws Exception {
    WarmStart usual = startOf(ImageMode.JOINT, Aggregation.USUAL, ImageControl.NONE);
    assertFails(
        () -> requirePictures(usual, "vgg", 64),
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot start from /c: its sub-model is 256-64-12, here it is 64-12"
            + " (dicm.model.sub-model=auto, more than 24 and at most 128)."
            + " Set dicm.model.sub-model=256-64-12 to go on from it.");
    conf.set("dicm.model.sub-model", "256-64-12");
    assertThatCode(() -> requirePictures(usual, "vgg", 64)).doesNotThrowAnyException();
    conf.set("dicm.model.sub-model", "none");
    assertFails(
        () -> requirePictures(usual, "vgg", 64),
        ErrorCode.SCHEMA_MISMATCH,
        "here it is none (dicm.model.sub-model=none)");
    Files.writeString(
        folder.resolve("origin.json"),
        """
        {"applicationId": "a", "run": "r", "date": "2026-07-01", "extractorId": "vgg",
         "schemaDigest": "d", "images": "JOINT"}
        """);
    assertThat(CheckpointOrigin.read(conf, new Path(folder.toUri())).subModel())
        .isEqualTo(SubModelShape.USUAL);
  }

  private void requirePictures(WarmStart warm, String extractorId, int dimension) {
    warm.requirePictures(
        new ExtractorDescription(extractorId, "fc6", "digest", "crop", dimension, "float32"),
        DicmConfiguration.of(conf));
  }

  private static void requireNetwork(WarmStart warm, FeatureSchema schema, ImageMode images) {
    warm.requireNetwork(schema, choice(images, Aggregation.USUAL), ImageControl.NONE);
  }

  private static NetworkChoice choice(ImageMode images, Aggregation aggregation) {
    return new NetworkChoice(images, aggregation, NetworkOptions.USUAL, false);
  }

  @Test
  void anotherPoolingOrControlDoesNotFit() {
    Aggregation concat = new Aggregation(AggregatorKind.CONCAT, 10);
    WarmStart joint = startOf(ImageMode.JOINT, concat, ImageControl.NONE);

    assertThatCode(
            () -> joint.requireNetwork(SCHEMA, choice(ImageMode.JOINT, concat), ImageControl.NONE))
        .doesNotThrowAnyException();
    assertFails(
        () ->
            joint.requireNetwork(
                SCHEMA,
                choice(ImageMode.JOINT, new Aggregation(AggregatorKind.CONCAT, 20)),
                ImageControl.NONE),
        ErrorCode.SCHEMA_MISMATCH,
        "its aggregator (dicm.model.aggregator) is concat of 10, here it is concat of 20.");
    assertFails(
        () -> requireNetwork(joint, SCHEMA, ImageMode.JOINT),
        ErrorCode.SCHEMA_MISMATCH,
        "its aggregator (dicm.model.aggregator) is concat of 10, here it is multi-query.");
    assertFails(
        () -> joint.requireNetwork(SCHEMA, choice(ImageMode.JOINT, concat), ImageControl.SHUFFLED),
        ErrorCode.SCHEMA_MISMATCH,
        "its control (dicm.train.image-control) is NONE, here it is SHUFFLED.");
    WarmStart tiers =
        startOf(ImageMode.JOINT, new Aggregation(AggregatorKind.SIMTIER, 0, 8), ImageControl.NONE);
    assertFails(
        () ->
            tiers.requireNetwork(
                SCHEMA,
                choice(ImageMode.JOINT, new Aggregation(AggregatorKind.SIMTIER, 0, 16)),
                ImageControl.NONE),
        ErrorCode.SCHEMA_MISMATCH,
        "its number of tiers (dicm.model.simtier-tiers) is 8, here it is 16.");
    // Where nothing is pooled it does not matter how.
    WarmStart ad = startOf(ImageMode.AD, concat, ImageControl.NONE);
    assertThatCode(() -> requireNetwork(ad, SCHEMA, ImageMode.AD)).doesNotThrowAnyException();
  }

  private static WarmStart startOf(
      ImageMode images, Aggregation aggregation, ImageControl control) {
    return new WarmStart(
        new Path("/c"),
        WarmStartMode.FULL,
        new CheckpointOrigin(
            "application_1_0001",
            "r",
            "2026-07-01",
            "vgg",
            SCHEMA.digest(),
            images,
            aggregation,
            SubModelShape.USUAL,
            NetworkOptions.USUAL,
            false,
            control,
            1.0,
            MissingImages.ZERO,
            VectorPrecision.FLOAT32));
  }

  private CheckpointStore yesterday() throws IOException {
    CheckpointStore store =
        new CheckpointStore(conf, workspace.checkpoints("yesterday"), "application_1_0001");
    new CheckpointParts(conf).commit(store, 100);
    new CheckpointParts(conf).commit(store, 200);
    return store;
  }

  private WarmStart find() throws IOException {
    return WarmStart.find(DicmConfiguration.of(conf), workspace).orElse(null);
  }

  private static void assertFails(ThrowingCallable work, ErrorCode code, String message) {
    assertThatThrownBy(work)
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }
}
