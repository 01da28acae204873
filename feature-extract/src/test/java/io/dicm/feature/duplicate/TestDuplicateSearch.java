package io.dicm.feature.duplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.FeaturePartitionWriter;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestDuplicateSearch {
  private static final int DIMENSION = 40;
  private static final int VECTOR_BYTES = Float.BYTES * DIMENSION + Long.BYTES;
  private static final long MUCH = 10L << 20;
  private static final ExtractorDescription EXTRACTOR =
      new ExtractorDescription("x", "layer", "none", "none", DIMENSION, "float32");

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();
  private final Random random = new Random(17);
  private final List<FeatureRecord> catalogue = new ArrayList<>();

  @Test
  void findsThePlantedGroups() throws IOException {
    for (int i = 0; i < 2000; i++) {
      add("single-" + i, random.nextLong(), vector());
    }
    for (int group = 0; group < 50; group++) {
      long hash = random.nextLong();
      float[] vector = vector();
      for (int copy = 0; copy < 2 + group % 4; copy++) {
        add("g" + group + "-copy-" + copy, changed(hash, copy), scaled(vector, 1f + copy));
      }
    }

    DuplicateResult result = find(8, 0.99, MUCH);

    assertThat(result.images()).isEqualTo(catalogue.size());
    assertThat(result.groups()).hasSize(50);
    assertThat(result.groups()).extracting(DuplicateGroup::representative).isSorted();
    for (int group = 0; group < 50; group++) {
      String representative = "g" + group + "-copy-0";
      DuplicateGroup found =
          result.groups().stream()
              .filter(one -> one.representative().equals(representative))
              .findFirst()
              .orElseThrow();
      assertThat(found.groupId()).isEqualTo(Fingerprints.imageKey(representative));
      assertThat(found.images()).hasSize(2 + group % 4);
      for (int copy = 0; copy < found.images().size(); copy++) {
        NearDuplicate image = found.images().get(copy);
        assertThat(image.imageId()).isEqualTo("g" + group + "-copy-" + copy);
        assertThat(image.hammingDistance()).isEqualTo(copy);
        assertThat(image.cosine()).isCloseTo(1.0, within(1e-6));
      }
    }
    assertThat(result.groupedImages()).isEqualTo(catalogue.size() - 2000);
  }

  @Test
  void nearHashesWithOtherVectorsAreNoDuplicates() throws IOException {
    float[] vector = vector();
    add("a", 5, vector);
    add("b", 5, scaled(vector, -1f));
    add("c", 7, vector());

    DuplicateResult result = find(8, 0.9, MUCH);

    assertThat(result.candidatePairs()).isEqualTo(3);
    assertThat(result.nearPairs()).isZero();
    assertThat(result.groups()).isEmpty();
  }

  @Test
  void whatIsNearAMemberBelongsToTheGroup() throws IOException {
    float[] vector = vector();
    add("b", 0b0, vector);
    add("a", 0b1111, vector);
    add("c", 0b11111111, vector);

    List<NearDuplicate> images = find(4, 0.9, MUCH).groups().get(0).images();

    assertThat(images).extracting(NearDuplicate::imageId).containsExactly("a", "b", "c");
    assertThat(images).extracting(NearDuplicate::hammingDistance).containsExactly(0, 4, 4);
  }

  @Test
  void manyEqualPlaceholdersAreOneGroupAndFewPairs() throws IOException {
    float[] vector = vector();
    for (int i = 0; i < 1000; i++) {
      add("placeholder-" + i, 0, vector);
      add("other-" + i, 0b111, vector);
    }

    DuplicateResult result = find(8, 0.99, MUCH);

    assertThat(result.groups()).hasSize(1);
    assertThat(result.groupedImages()).isEqualTo(2000);
    assertThat(result.candidatePairs())
        .isLessThan((2000 + CandidatePairs.MOST_OF_A_HASH) * CandidatePairs.MOST_OF_A_HASH);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 100})
  void findsTheSameHoweverFewVectorsFitIntoMemory(int vectors) throws IOException {
    for (int i = 0; i < 400; i++) {
      float[] vector = i % 3 == 0 ? vector() : catalogue.get(i - 1).feature();
      long hash = i % 3 == 0 ? random.nextLong() : catalogue.get(i - 1).perceptualHash();
      add("image-" + i, changed(hash, i % 3), vector);
    }
    DuplicateResult expected = find(8, 0.9, MUCH);
    ImageHashes images = ImageHashes.read(snapshot());
    ImagePairs pairs = new CandidatePairs(images).within(8, 10_000);

    float[] few = new PairCosines(images, pairs, vectors).compute(snapshot());

    assertThat(few).isEqualTo(new PairCosines(images, pairs, 10_000).compute(snapshot()));
    assertThat(expected.groups()).hasSize(134 - 1);
    assertThat(find(8, 0.9, 2L * 1000 * VECTOR_BYTES)).isEqualTo(expected);
  }

  @Test
  void agreesWithComparingAllPairs() throws IOException {
    for (int i = 0; i < 300; i++) {
      float[] vector = vector();
      vector[0] = 20 * (i % 3);
      add("image-" + i, changed(i % 20 * 0x9E3779B97F4A7C15L, random.nextInt(8)), vector);
    }

    DuplicateResult result = find(5, 0.9, MUCH);

    Set<String> grouped = new HashSet<>();
    result.groups().forEach(group -> group.images().forEach(image -> grouped.add(image.imageId())));
    Set<String> expected = new HashSet<>();
    long nearPairs = 0;
    for (FeatureRecord one : catalogue) {
      for (FeatureRecord other : catalogue) {
        if (one.imageId().compareTo(other.imageId()) < 0
            && Long.bitCount(one.perceptualHash() ^ other.perceptualHash()) <= 5
            && cosine(one.feature(), other.feature()) >= 0.9) {
          expected.add(one.imageId());
          expected.add(other.imageId());
          nearPairs++;
        }
      }
    }
    assertThat(grouped).isEqualTo(expected).hasSizeGreaterThan(50);
    assertThat(result.nearPairs()).isEqualTo(nearPairs);
  }

  @Test
  void refusesMorePairsThanFit() throws IOException {
    for (int i = 0; i < 100; i++) {
      add("image-" + i, i, vector());
    }

    assertThatThrownBy(() -> find(8, 0.9, 1000))
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE))
        .hasMessageContaining("more than 7 pairs");
  }

  @Test
  void refusesLimitsOutOfRange() {
    assertThatThrownBy(() -> DuplicateSettings.of(33, 0.9))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("the greatest distance was 33, allowed 0 to 32");
    assertThatThrownBy(() -> DuplicateSettings.of(8, Double.NaN))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("the least cosine was NaN, allowed -1 to 1");
  }

  @Test
  void saysWhenThePartitionWasReplaced() throws IOException {
    float[] vector = vector();
    add("a", 1, vector);
    add("b", 1, vector);
    ImageHashes images = ImageHashes.read(snapshot());
    ImagePairs pairs = new CandidatePairs(images).within(8, 10);
    catalogue.remove(1);

    assertThatThrownBy(() -> new PairCosines(images, pairs, 5).compute(snapshot()))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT))
        .hasMessageContaining("Was the partition replaced meanwhile?");
  }

  @Test
  void publishesATable() throws IOException {
    float[] vector = vector();
    add("b", 3, vector);
    add("a", 1, vector);
    Path directory = new Workspace(new Path(folder.toUri())).nearDuplicates("x", "2026-03-01");
    DuplicateSettings settings = new DuplicateSettings(8, 0.9, MUCH);
    DuplicateResult result = new DuplicateSearch(settings).find(snapshot());

    NearDuplicateTable table = new NearDuplicateTable(conf, directory);
    table.publish(result, settings);
    table.publish(result, settings);

    List<String> rows = new ArrayList<>();
    ParquetTables.read(
        conf,
        ParquetTables.files(conf, directory).get(0).getPath(),
        row ->
            rows.add(
                row.getLong("group_id", 0)
                    + " "
                    + row.getString("image_id", 0)
                    + " "
                    + row.getLong("image_key", 0)
                    + " "
                    + row.getString("representative", 0)
                    + " "
                    + row.getInteger("hamming_distance", 0)
                    + " "
                    + (row.getDouble("cosine", 0) > 0.9999)));
    long a = Fingerprints.imageKey("a");
    assertThat(rows)
        .containsExactly(
            a + " a " + a + " a 0 true", a + " b " + Fingerprints.imageKey("b") + " a 1 true");
  }

  private void add(String imageId, long hash, float[] vector) {
    catalogue.add(
        new FeatureRecord(
            imageId, Fingerprints.imageKey(imageId), "digest", vector, 4, 3, 1L, hash));
  }

  private DuplicateResult find(int maxDistance, double minCosine, long memoryBytes)
      throws IOException {
    return new DuplicateSearch(new DuplicateSettings(maxDistance, minCosine, memoryBytes))
        .find(snapshot());
  }

  /** A real partition of what was added so far. */
  private FeatureSnapshot snapshot() throws IOException {
    FeatureStore store =
        FeatureStore.open(conf, new Workspace(new Path(folder.toUri())).features("x"));
    new FeaturePartitionWriter(conf, EXTRACTOR)
        .publish(store.partition("2026-03-01"), catalogue, 3);
    return store.snapshot();
  }

  private float[] vector() {
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static float[] scaled(float[] vector, float factor) {
    float[] scaled = vector.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  /** The hash with its lowest bits turned over. */
  private static long changed(long hash, int bits) {
    return hash ^ (1L << bits) - 1;
  }

  private static double cosine(float[] one, float[] other) {
    double dot = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      dot += one[i] * other[i];
      ones += one[i] * one[i];
      others += other[i] * other[i];
    }
    return dot / Math.sqrt(ones * others);
  }
}
