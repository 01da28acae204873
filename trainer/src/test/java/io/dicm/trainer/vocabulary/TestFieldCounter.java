package io.dicm.trainer.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvRow;
import io.dicm.trainer.input.TableColumns;
import io.dicm.trainer.input.TableRow;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.schema.NumberBuckets.Bounds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestFieldCounter {
  private static final FeatureField ID =
      new FeatureField("f", FeatureSide.ITEM, FeatureKind.ID, false, false);
  private static final FeatureField IDS =
      new FeatureField("f", FeatureSide.ITEM, FeatureKind.IDS, false, false);
  private static final FeatureField NUMBER =
      new FeatureField(
          "f",
          FeatureSide.ITEM,
          FeatureKind.NUMBER,
          false,
          false,
          Optional.of(new Bounds(List.of(0.0, 100.0))),
          0);

  @TempDir private java.nio.file.Path directory;

  @Test
  void countsFewValuesExactly() throws Exception {
    FieldCounter counter = new FieldCounter(IDS);
    for (String value : List.of("a|b", "a", "", "c|a")) {
      counter.add(row(value));
    }

    FieldStatistics statistics = counter.statistics("items.csv");

    assertThat(statistics)
        .isEqualTo(
            new FieldStatistics(
                "f",
                "items.csv",
                4,
                3,
                5,
                3,
                true,
                0,
                List.of(new Frequency("a", 3), new Frequency("b", 1), new Frequency("c", 1)),
                List.of()));
    assertThat(statistics.emptyShare()).isEqualTo(0.25);
    assertThat(statistics.frequentShare()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2_048, 2_049, 10_000, 40_000, 300_000})
  void estimatesManyValuesToTwoPercent(int values) throws Exception {
    FieldCounter counter = new FieldCounter(ID);
    for (int i = 0; i < 2 * values; i++) {
      counter.add(row("value-" + i % values));
    }

    FieldStatistics statistics = counter.statistics("t");

    assertThat(statistics.exact()).isEqualTo(values <= 2_048);
    // Two and a half standard errors; the values are fixed, so this cannot come and go.
    assertThat((double) statistics.distinct())
        .isCloseTo(values, within(statistics.exact() ? 0 : 0.02 * values));
  }

  @Test
  void findsFrequentValuesAmongManyRareOnesAndNeverCountsTooMany() throws Exception {
    FieldCounter counter = new FieldCounter(ID);
    for (int i = 0; i < 60_000; i++) {
      counter.add(row(i % 3 == 0 ? "often" : i % 30 == 1 ? "sometimes" : "rare-" + i));
    }

    List<Frequency> frequent = counter.statistics("t").frequent();

    assertThat(frequent.get(0).value()).isEqualTo("often");
    assertThat(frequent.get(0).count()).isBetween(20_000L - 60_000 / 1_025, 20_000L);
    assertThat(frequent.get(1).value()).isEqualTo("sometimes");
    assertThat(frequent.get(1).count()).isBetween(2_000L - 60_000 / 1_025, 2_000L);
  }

  @Test
  void partsAddUpToTheWholeAfterBeingWrittenAndRead() throws Exception {
    FieldCounter whole = new FieldCounter(ID);
    FieldCounter parts = new FieldCounter(ID);
    for (int part = 0; part < 5; part++) {
      FieldCounter counter = new FieldCounter(ID);
      for (int i = 0; i < 3_000 * part; i++) {
        TableRow row = row(i % 2 == 0 ? "even" : part + "-" + i);
        counter.add(row);
        whole.add(row);
      }
      parts.merge(copy(counter));
    }

    FieldStatistics sum = copy(parts).statistics("t");
    FieldStatistics expected = whole.statistics("t");

    assertThat(sum.rows()).isEqualTo(expected.rows()).isEqualTo(30_000);
    assertThat(sum.distinct()).isEqualTo(expected.distinct());
    assertThat(sum.frequent().get(0).value()).isEqualTo("even");
    assertThat(sum.frequent().get(0).count()).isBetween(15_000L - 30_000 / 1_025, 15_000L);
  }

  @Test
  void tellsQuantilesOfNumbersToAPercentOfTheirSize() throws Exception {
    FieldCounter counter = new FieldCounter(NUMBER);
    for (int i = 0; i < 10_001; i++) {
      // -500 to 9,500.
      counter.add(row(Integer.toString((i * 7_919) % 10_001 - 500)));
    }
    counter.add(row(""));

    FieldStatistics statistics = copy(counter).statistics("t");

    assertThat(statistics.distinct()).as("buckets").isEqualTo(3);
    assertThat(statistics.rowsWithValue()).isEqualTo(10_001);
    assertThat(statistics.quantiles()).hasSize(21).isSorted();
    assertThat(statistics.quantiles().get(0)).isEqualTo(-500);
    assertThat(statistics.quantiles().get(20)).isEqualTo(9_500);
    assertThat(statistics.quantiles().get(1)).isCloseTo(0, within(1.0));
    assertThat(statistics.quantiles().get(10)).isCloseTo(4_500, within(46.0));
  }

  @Test
  void statisticsCanBeReadAgain() throws Exception {
    Configuration conf = new Configuration(false);
    FieldCounter counter = new FieldCounter(NUMBER);
    counter.add(row("7"));
    VocabularyStatistics statistics = new VocabularyStatistics(List.of(counter.statistics("t")));
    Path samples = new Path(directory.toUri());

    statistics.write(conf, samples);

    assertThat(VocabularyStatistics.read(conf, samples)).isEqualTo(statistics);
    assertThat(directory.resolve("_statistics.json")).content().contains("\"emptyShare\" : 0.0");
  }

  private static FieldCounter copy(FieldCounter counter) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    counter.write(new DataOutputStream(bytes));
    return FieldCounter.read(
        counter.field(), new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
  }

  private static TableRow row(String value) throws BadRowException {
    return new CsvRow(new TableColumns("t", List.of("f")), List.of(value));
  }
}
