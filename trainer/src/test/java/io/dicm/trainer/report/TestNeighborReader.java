package io.dicm.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.shard.VectorScaling;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.report.NearestNeighbors.Neighbor;
import io.dicm.trainer.report.NearestNeighbors.Query;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestNeighborReader {
  private static final int IMAGES = 60;
  private static final int DIMENSION = 9;
  private static final int CODE_DIMENSION = 4;
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message image_codes {
            required binary image_id (STRING);
            required int64 image_key;
            required group ad_code (LIST) { repeated group list { required float element; } }
          }
          """);

  private final Configuration conf = new Configuration(false);
  private final Map<String, float[]> vectors = new LinkedHashMap<>();
  private final Map<String, float[]> codes = new HashMap<>();

  @TempDir java.nio.file.Path directory;

  @Test
  void agreesWithComparingAllPairs() throws IOException {
    MemorySnapshot snapshot = problem(IMAGES);

    NearestNeighbors found = reader(7, 5, 1_000).read(snapshot, path());

    assertThat(found.candidates()).isEqualTo(IMAGES);
    assertThat(found.images()).isEqualTo(IMAGES);
    assertThat(found.dimension()).isEqualTo(DIMENSION);
    assertThat(found.codeDimension()).isEqualTo(CODE_DIMENSION);
    assertThat(found.queries()).hasSize(7).doesNotHaveDuplicates();
    Map<String, float[]> scaled = new HashMap<>();
    VectorScaling scaling = VectorScaling.of(snapshot);
    vectors.forEach(
        (id, vector) -> {
          float[] copy = vector.clone();
          scaling.apply(copy);
          scaled.put(id, copy);
        });
    for (Query query : found.queries()) {
      assertNearest(query.byCode(), query.image().imageId(), codes);
      assertNearest(query.byVector(), query.image().imageId(), scaled);
    }
  }

  @Test
  void theSeedDecidesTheDraw() throws IOException {
    MemorySnapshot snapshot = problem(IMAGES);
    NearestNeighbors found = reader(7, 5, 1_000).read(snapshot, path());

    assertThat(reader(7, 5, 1_000).read(snapshot, path())).isEqualTo(found);
    assertThat(
            new NeighborReader(conf, new NeighborReader.Limits(7, 5, 1_000), 99)
                .read(snapshot, path())
                .queries())
        .isNotEqualTo(found.queries());
  }

  @Test
  void looksAmongNoMoreThanItMay() throws IOException {
    MemorySnapshot snapshot = problem(IMAGES);

    NearestNeighbors found = reader(3, 5, 20).read(snapshot, path());

    assertThat(found.candidates()).isEqualTo(20);
    assertThat(found.images()).isEqualTo(IMAGES);
    assertThat(
            found.queries().stream()
                .flatMap(query -> query.byVector().stream())
                .map(neighbor -> neighbor.image().imageId())
                .distinct()
                .count())
        .isLessThanOrEqualTo(20);
  }

  @Test
  void imagesWithoutACodeAreLeftOut() throws IOException {
    MemorySnapshot snapshot = problem(3);

    NearestNeighbors found = reader(7, 5, 1_000).read(snapshot, path());

    assertThat(found.candidates()).isEqualTo(3);
    assertThat(found.queries()).hasSize(3);
    assertThat(found.queries().get(0).byCode()).hasSize(2);
    assertThat(found.queries().get(0).byVector()).hasSize(2);
    assertThat(found.queries().get(0).common()).isEqualTo(2);
  }

  @Test
  void aModelWithoutCodesHasNoNeighbors() {
    MemorySnapshot snapshot = MemorySnapshot.random(List.of("a", "b"), DIMENSION, 1);

    assertThatThrownBy(
            () -> reader(7, 5, 1_000).read(snapshot, new Path(directory.toUri() + "/none")))
        .hasMessageContaining("There are no image codes: no directory")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private NeighborReader reader(int queries, int neighbors, int candidates) {
    return new NeighborReader(conf, new NeighborReader.Limits(queries, neighbors, candidates), 4);
  }

  private MemorySnapshot problem(int withCodes) throws IOException {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < IMAGES; i++) {
      vectors.put("image" + i, values(random, DIMENSION));
    }
    try (ParquetTableWriter<String> writer =
        new ParquetTableWriter<>(
            conf,
            new Path(path(), "part-00000.parquet"),
            SCHEMA,
            (out, id) -> {
              RowFields.string(out, "image_id", 0, id);
              RowFields.int64(out, "image_key", 1, Fingerprints.imageKey(id));
              RowFields.floats(out, "ad_code", 2, codes.get(id), 0, CODE_DIMENSION);
            })) {
      for (int i = 0; i < withCodes; i++) {
        codes.put("image" + i, values(random, CODE_DIMENSION));
        writer.write("image" + i);
      }
    }
    return new MemorySnapshot(DIMENSION, vectors);
  }

  private static void assertNearest(List<Neighbor> found, String query, Map<String, float[]> all) {
    List<String> expected =
        all.keySet().stream()
            .filter(id -> !id.equals(query))
            .sorted(
                java.util.Comparator.comparingDouble(id -> -cosine(all.get(query), all.get(id))))
            .limit(5)
            .toList();
    assertThat(found).extracting(one -> one.image().imageId()).isEqualTo(expected);
    for (Neighbor neighbor : found) {
      assertThat(neighbor.cosine())
          .isCloseTo(cosine(all.get(query), all.get(neighbor.image().imageId())), within(1e-9));
      assertThat(neighbor.image().imageKey())
          .isEqualTo(Fingerprints.imageKey(neighbor.image().imageId()));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - .3);
    }
    return values;
  }

  private Path path() {
    return new Path(directory.toUri() + "/codes");
  }
}
