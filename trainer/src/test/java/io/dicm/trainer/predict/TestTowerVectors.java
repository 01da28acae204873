package io.dicm.trainer.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.submodel.MissingImages;
import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import io.dicm.trainer.evaluate.Prediction;
import io.dicm.trainer.evaluate.PredictionRows;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.DicmNetwork;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.model.TowerOutput;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemStatistics;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.ListSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Predictors of a model with towers write its predictions and both tables of vectors. */
class TestTowerVectors {
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
              new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, false),
              new FeatureField("hour", FeatureSide.CONTEXT, FeatureKind.ID, false, false)),
          "test");

  private static final int PREDICTORS = 3;
  private static final int USERS = 20;
  private static final int MOMENTS = 4;
  private static final int ITEMS = 15;
  private static final int CODES = SubModelShape.USUAL_CODE_DIMENSION;
  private static final int WIDTH = 10;

  private final Configuration conf = new Configuration(false);

  @TempDir java.nio.file.Path directory;

  /** A user or item of a table. */
  private record Row(long timestampSeconds, long imageKey, double bias, float[] vector) {}

  /**
   * The predictors take turns in the moments, so that each has some of every user and item. Also
   * where training saw a quarter of the negatives.
   */
  @Test
  void theTablesReproduceThePredictions() throws Exception {
    Model model = model(NetworkOptions.usual(IdNetworkKind.TWO_TOWERS), 0.25);
    List<Sample> samples = samples();
    Path out = predict(model, samples);

    Map<String, Row> users = read(out, TowerTable.USERS);
    Map<String, Row> items = read(out, TowerTable.ITEMS);
    assertThat(users).hasSize(USERS);
    assertThat(items).hasSize(ITEMS);
    float[] expected = model.predict(model.assembler().assemble(samples));
    Map<String, Float> probabilities = new TreeMap<>();
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        probabilities.put(impression.impressionId(), expected[probabilities.size()]);
      }
    }
    int reproduced = 0;
    for (Prediction prediction : predictions(out)) {
      assertThat(prediction.probability())
          .isCloseTo(probabilities.remove(prediction.impressionId()), within(1e-6));
      Row user = users.get(prediction.userId());
      if (prediction.timestampSeconds() < user.timestampSeconds()) {
        continue;
      }
      Row item = items.get(prediction.itemId());
      double z = user.bias();
      for (int i = 0; i < WIDTH; i++) {
        z += (double) user.vector()[i] * item.vector()[i];
      }
      assertThat(1 / (1 + Math.exp(-z))).isCloseTo(prediction.probability(), within(1e-5));
      reproduced++;
    }
    assertThat(probabilities).isEmpty();
    assertThat(reproduced).isEqualTo(3 * USERS);
  }

  @Test
  void aUserIsAsOfTheLatestMomentAndAnItemHasItsPicture() throws Exception {
    Path out = predict(model(NetworkOptions.usual(IdNetworkKind.TWO_TOWERS), 1), samples());

    assertThat(read(out, TowerTable.USERS))
        .allSatisfy((user, row) -> assertThat(row.timestampSeconds()).isEqualTo(MOMENTS - 1));
    assertThat(read(out, TowerTable.ITEMS))
        .allSatisfy((item, row) -> assertThat(row.imageKey()).isEqualTo(imageKey(item)));
  }

  /** The first impression of the latest moment, whatever batch the others fall into. */
  @Test
  void impressionsOfOneMomentMayHaveDifferentContexts() throws Exception {
    Model model = model(NetworkOptions.usual(IdNetworkKind.TWO_TOWERS), 1);
    Sample one = samples().get(0);
    List<Impression> impressions = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      impressions.add(impression("i" + i, "item" + i, "hour" + i));
    }
    Sample moment =
        new Sample("user", 7, one.userKeys(), one.behaviors(), List.copyOf(impressions));
    Path out = predict(model, List.of(moment));

    TowerOutput towers = model.towers(model.assembler().assemble(List.of(moment)));
    assertThat(towers.users()).hasSize(6 * WIDTH);
    float[] found = read(out, TowerTable.USERS).get("user").vector();
    for (int i = 0; i < WIDTH; i++) {
      assertThat(found[i]).isCloseTo(towers.users()[i], within(1e-6f));
    }
    assertThat(found[0]).isNotCloseTo(towers.users()[WIDTH], within(1e-6f));
  }

  @Test
  void fewHeldVectorsGiveTheSameTables() throws Exception {
    Model model = model(NetworkOptions.usual(IdNetworkKind.TWO_TOWERS), 1);
    Batch batch = model.assembler().assemble(samples());
    List<Map<String, float[]>> found = new ArrayList<>();
    for (int held : new int[] {2, 1000}) {
      TowerParts parts = new TowerParts(conf, path("held-" + held), 2);
      try (TowerVectorWriter writer = new TowerVectorWriter(parts, 1, held)) {
        writer.write(batch, model.towers(batch));
      }
      Map<String, float[]> vectors = new TreeMap<>();
      for (TowerTable table : TowerTable.values()) {
        for (int owner = 0; owner < 2; owner++) {
          for (TowerVector vector : parts.read(table, owner).byId()) {
            assertThat(vectors.put(vector.id(), vector.vector())).isNull();
          }
        }
      }
      found.add(vectors);
    }
    assertThat(found.get(0)).hasSize(USERS + ITEMS).containsExactlyEntriesOf(found.get(1));
  }

  @Test
  void ofTwoVectorsTheNewerStaysAndOfOneMomentTheFirst() {
    NewestVectors vectors = new NewestVectors();
    for (int[] momentAndValue : new int[][] {{5, 1}, {4, 2}, {7, 3}, {7, 4}}) {
      vectors.add(new TowerVector("a", momentAndValue[0], 0, 0, new float[] {momentAndValue[1]}));
    }

    assertThat(vectors.byId())
        .singleElement()
        .satisfies(vector -> assertThat(vector.vector()).containsExactly(3));
  }

  @Test
  void aModelWithoutTowersHasNoVectors() throws Exception {
    Path out = predict(model(NetworkOptions.USUAL, 1), samples());

    assertThat(predictions(out)).hasSize(USERS * MOMENTS * 3);
    assertThat(directory.resolve("predictions").resolve(TowerParts.DIRECTORY)).doesNotExist();
  }

  private Path predict(Model model, List<Sample> samples) throws IOException {
    Path out = path("predictions");
    List<PredictionWorker> workers = new ArrayList<>();
    for (int worker = 0; worker < PREDICTORS; worker++) {
      List<Sample> share = new ArrayList<>();
      for (int i = worker; i < samples.size(); i += PREDICTORS) {
        share.add(samples.get(i));
      }
      workers.add(
          new PredictionWorker(
              conf,
              new PredictionOptions(worker, PREDICTORS, 4, 1, 0),
              model,
              new PredictionRowMaker(ItemStatistics.of(Map.of()), image -> true),
              ProgressListener.NONE));
      workers.get(worker).run(new ListSource(share), out);
    }
    for (PredictionWorker worker : workers) {
      worker.mergeVectors(out);
    }
    return out;
  }

  private List<Prediction> predictions(Path out) throws IOException {
    List<Prediction> predictions = new ArrayList<>();
    for (FileStatus file : ParquetTables.files(conf, out)) {
      predictions.addAll(PredictionRows.read(conf, file.getPath()));
    }
    return predictions;
  }

  /** By ID, each of which is there once and where its file's order says. */
  private Map<String, Row> read(Path out, TowerTable table) throws IOException {
    boolean users = table == TowerTable.USERS;
    Map<String, Row> rows = new TreeMap<>();
    List<FileStatus> files = ParquetTables.files(conf, PredictionWorker.vectors(out, table));
    assertThat(files).hasSize(PREDICTORS);
    for (FileStatus file : files) {
      List<String> ids = new ArrayList<>();
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> {
            ids.add(row.getString(users ? "user_id" : "item_id", 0));
            assertThat(
                    rows.put(
                        ids.get(ids.size() - 1),
                        new Row(
                            users ? row.getLong("ts", 0) : 0,
                            users ? 0 : row.getLong("image_key", 0),
                            users ? row.getDouble("bias", 0) : 0,
                            floats(row.getGroup("vector", 0)))))
                .isNull();
          });
      assertThat(ids).isSorted();
    }
    return rows;
  }

  private static float[] floats(Group list) {
    float[] values = new float[list.getFieldRepetitionCount(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup(0, i).getFloat(0, 0);
    }
    return values;
  }

  /** Every user at every moment, three items each. */
  private static List<Sample> samples() {
    SplittableRandom random = new SplittableRandom(3);
    List<Sample> samples = new ArrayList<>();
    for (int moment = 0; moment < MOMENTS; moment++) {
      for (int user = 0; user < USERS; user++) {
        List<Impression> impressions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          String id = "i%d-%d-%d".formatted(user, moment, i);
          impressions.add(
              impression(id, "item" + (user + 5 * i + moment) % ITEMS, "hour" + moment));
        }
        long[] clicked = new long[random.nextInt(4)];
        long[] pictures = new long[clicked.length];
        for (int i = 0; i < clicked.length; i++) {
          String item = "item" + random.nextInt(ITEMS);
          clicked[i] = Fingerprints.idKey("item_id", item);
          pictures[i] = imageKey(item);
        }
        samples.add(
            new Sample(
                "user" + user,
                moment,
                new long[][] {{Fingerprints.idKey("user_id", "user" + user)}},
                new Behaviors(pictures, new long[][] {clicked}),
                impressions));
      }
    }
    return samples;
  }

  private static Impression impression(String id, String item, String hour) {
    return new Impression(
        id,
        item,
        "",
        0,
        imageKey(item),
        new long[][] {
          {Fingerprints.idKey("item_id", item)}, {Fingerprints.idKey("category", "c" + item)}
        },
        new long[][] {{Fingerprints.idKey("hour", hour)}});
  }

  private static long imageKey(String item) {
    return Fingerprints.imageKey("picture of " + item);
  }

  /** Every parameter and code at random; IDs have their initial embeddings. */
  private static Model model(NetworkOptions options, double keepFraction) {
    AggregatorKind pooling =
        options.kind().hasTowers() ? AggregatorKind.SUM : AggregatorKind.MULTI_QUERY;
    DicmNetwork network =
        new DicmNetwork(
            NetworkShape.of(SCHEMA.fields(), 12, ImageMode.JOINT, new Aggregation(pooling, 0))
                .with(options, List.of()));
    SplittableRandom random = new SplittableRandom(5);
    float[] dense = network.initialDense(6);
    for (int i = 0; i < dense.length; i++) {
      dense[i] *= 2;
    }
    dense[dense.length - 1] = -0.75f;
    VectorTable adCodes = new VectorTable(CODES);
    VectorTable behaviorCodes = new VectorTable(CODES);
    for (int item = 0; item < ITEMS; item++) {
      Path source = new Path("test");
      adCodes.add(source, imageKey("item" + item), floats(random), 0);
      behaviorCodes.add(source, imageKey("item" + item), floats(random), 0);
    }
    FloatTensor missing = new FloatTensor(new long[] {CODES}, new float[CODES]);
    return Model.of(
        ModelDescription.of(
            SCHEMA, network, SubModelShape.USUAL, "extractor", false, training(keepFraction)),
        dense,
        Map.of(
            "ad." + NetworkLayout.MISSING_CODE, missing,
            "behavior." + NetworkLayout.MISSING_CODE, missing),
        new VectorTable(12),
        adCodes,
        behaviorCodes);
  }

  private static ModelDescription.Training training(double keepFraction) {
    return new ModelDescription.Training(
        1, 1, 1, 4, 1, 0.001, 1f, "adam", 0, MissingImages.LEARNED, keepFraction, null, 0, null);
  }

  private static float[] floats(SplittableRandom random) {
    float[] values = new float[CODES];
    for (int i = 0; i < CODES; i++) {
      values[i] = (float) (2 * random.nextDouble() - 1);
    }
    return values;
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
