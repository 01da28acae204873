package io.dicm.trainer.report;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.BucketOrder;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStore;
import io.dicm.feature.store.FeatureStoreWriter;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SampleWriter;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.ListSource;
import io.dicm.trainer.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A run in a workspace of its own, made without YARN: a dozen pictures, two trained servers, and
 * names that try to be markup.
 */
final class SmallRun {
  static final String RUN = "small";
  static final String DATE = "2026-03-01";

  /** The folder and file of this image are named so, too. */
  static final String HOSTILE_IMAGE = "<script>alert(1)</script>";

  static final String HOSTILE_ITEM = "item\"><img src='x' onerror='alert(2)'>";
  static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true)),
          "test");

  private static final int IMAGES = 12;
  private static final int DIMENSION = 16;
  private static final ExtractorDescription EXTRACTOR =
      new ExtractorDescription("memory", "layer", "random-seed1", "none", DIMENSION, "float32");

  private final java.nio.file.Path directory;
  private final Configuration conf = new Configuration();
  private final SplittableRandom random = new SplittableRandom(5);

  SmallRun(java.nio.file.Path directory) {
    this.directory = directory;
    conf.addResource("dicm-default.xml");
    conf.set(DicmKeys.INPUT_PATH, path("input").toString());
  }

  Configuration conf() {
    return conf;
  }

  Workspace workspace() {
    return new Workspace(path("workspace"));
  }

  /** The samples that training, or testing, has. */
  List<Sample> samples(int count) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long[] behaviors =
          LongStream.generate(() -> Fingerprints.imageKey(imageId(random.nextInt(IMAGES))))
              .limit(i % 9)
              .toArray();
      String user = i % 5 == 0 ? "<b>user</b>" : "user" + i % 5;
      samples.add(
          new Sample(
              user,
              1_000 + i,
              new long[][] {{Fingerprints.idKey("user_id", user)}},
              new Behaviors(behaviors, new long[][] {behaviors}),
              List.of(impression(i, 0), impression(i, 1))));
    }
    return samples;
  }

  private Impression impression(int sample, int number) {
    int item = random.nextInt(IMAGES);
    String itemId = item == 0 ? HOSTILE_ITEM : "item" + item;
    return new Impression(
        sample + "/" + number,
        itemId,
        "a & b",
        random.nextInt(2),
        Fingerprints.imageKey(imageId(item)),
        new long[][] {{Fingerprints.idKey("item_id", itemId)}},
        new long[0][]);
  }

  static String imageId(int number) {
    return number == 0 ? HOSTILE_IMAGE : "image" + number;
  }

  /** Everything that a pipeline leaves, but for an evaluation with slices. */
  SmallRun makeAll() throws Exception {
    makeInput();
    makeFeatures();
    makeSamples();
    makeModel(ImageMode.JOINT);
    makeMetrics();
    return this;
  }

  void makeInput() throws IOException {
    for (int i = 0; i < IMAGES; i++) {
      java.nio.file.Path file = directory.resolve("input/images").resolve(imageId(i) + ".png");
      Files.createDirectories(file.getParent());
      Files.write(file, TestPictureReader.png(20 + i, 30));
    }
  }

  void makeFeatures() throws IOException {
    Path partition = FeatureStore.open(conf, workspace().features("memory")).partition(DATE);
    List<FeatureRecord> images = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      float[] vector = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        vector[d] = (float) random.nextDouble();
      }
      images.add(
          new FeatureRecord(
              imageId(i), Fingerprints.imageKey(imageId(i)), "digest", vector, 20, 30, 0));
    }
    images.sort((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey()));
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, partition)) {
      Path file = new Path(publisher.staging(), ParquetTables.partName(0));
      try (FeatureStoreWriter writer = new FeatureStoreWriter(conf, file, EXTRACTOR)) {
        for (FeatureRecord image : images) {
          writer.write(image);
        }
        FeatureManifest.of(EXTRACTOR, 1, "", Map.of(), List.of(writer.finish()))
            .write(conf, publisher.staging());
      }
      publisher.publish();
    }
  }

  void makeSamples() throws IOException {
    Path samples = workspace().samples(RUN);
    Path test = new Path(samples, "test/part-00000.parquet");
    try (SampleWriter writer = new SampleWriter(conf, test, SCHEMA)) {
      for (Sample sample : samples(90)) {
        writer.write(sample);
      }
    }
    new SampleManifest(
            SampleManifest.FORMAT_VERSION,
            SCHEMA.digest(),
            "last-days:1",
            30,
            14,
            "",
            0,
            1,
            0,
            4,
            "",
            "",
            "",
            new SplitTotals(300, 600, 290, 2_400),
            new SplitTotals(90, 180, 92, 700),
            Map.of(),
            Map.of())
        .write(conf, samples);
  }

  TrainingResult makeModel(ImageMode images) throws Exception {
    TrainingGang.Plan plan = new TrainingGang.Plan(SCHEMA, images, 4, 2, 1, 30, 2, 0.01, 4);
    try (TrainingGang gang =
        new TrainingGang(
            plan, FeatureStore.open(conf, workspace().features("memory")).snapshot(DATE))) {
      List<Sample> training = samples(300);
      TrainingResult result =
          gang.train((worker, workers) -> epoch -> new ListSource(training)).get(0);
      gang.publish(conf, workspace().model(RUN), result);
      return result;
    }
  }

  void makeMetrics() throws IOException {
    new JsonFiles(conf)
        .write(
            new Path(workspace().metrics(DATE, RUN), EvaluateJob.JSON_FILE),
            Map.of("auc", .61234, "gauc", .6, "impressions", 180, "clicks", 92));
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
