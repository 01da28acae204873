package io.dicm.hive.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestRankingFunctions {
  private static final ObjectInspector INT = PrimitiveObjectInspectorFactory.javaIntObjectInspector;
  private static final ObjectInspector DOUBLE =
      PrimitiveObjectInspectorFactory.javaDoubleObjectInspector;
  private static final ObjectInspector TEXT =
      PrimitiveObjectInspectorFactory.javaStringObjectInspector;

  private static final Aggregation AUC = new Aggregation(new AreaUnderCurve(), INT, DOUBLE);
  private static final Aggregation GAUC =
      new Aggregation(new GroupedAreaUnderCurve(), TEXT, INT, DOUBLE);

  private final Random random = new Random(5);

  /** Few distinct scores make many ties, many make none. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50, 1_000_000})
  void agreeWithTheirDefinitions(int distinctScores) throws HiveException {
    List<Object[]> rows = rows(1500, 40, distinctScores);

    assertThat((Double) AUC.complete(withoutUsers(rows))).isCloseTo(auc(rows), within(1e-12));
    assertThat((Double) GAUC.complete(rows)).isCloseTo(gauc(rows), within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void partsInAnyOrderGiveTheSameBits(boolean twice) throws HiveException {
    List<Object[]> rows = rows(2000, 60, 700);
    Object auc = AUC.complete(withoutUsers(rows));
    Object gauc = GAUC.complete(rows);

    for (int round = 0; round < 20; round++) {
      Collections.shuffle(rows, random);
      List<List<Object[]>> parts = parts(rows, 1 + random.nextInt(9));
      assertThat(
              AUC.merged(
                  parts.stream()
                      .map(TestRankingFunctions::withoutUsers)
                      .collect(Collectors.toList()),
                  twice))
          .isEqualTo(auc);
      assertThat(GAUC.merged(parts, twice)).isEqualTo(gauc);
    }
  }

  @Test
  void labelsOfOneKindHaveNoAuc() throws HiveException {
    assertThat(AUC.complete(Arrays.asList(new Object[] {1, 0.3}, new Object[] {1, 0.4}))).isNull();
    assertThat(AUC.complete(Collections.emptyList())).isNull();
    assertThat(GAUC.merged(Arrays.asList(Collections.emptyList()), true)).isNull();
    assertThat(GAUC.complete(Arrays.asList(new Object[] {"a", 1, 0.3}, new Object[] {"b", 0, 0.4})))
        .as("no user has both")
        .isNull();
  }

  @Test
  void rowsWithANullAreLeftOut() throws HiveException {
    List<Object[]> rows = rows(50, 4, 10);
    Object auc = AUC.complete(withoutUsers(rows));
    Object gauc = GAUC.complete(rows);
    rows.add(new Object[] {"a", null, 0.5});
    rows.add(new Object[] {"a", 1, null});

    assertThat(AUC.complete(withoutUsers(rows))).isEqualTo(auc);
    rows.add(new Object[] {null, 1, 0.5});
    assertThat(GAUC.complete(rows)).isEqualTo(gauc);
  }

  @Test
  void bothZerosAreOneScore() throws HiveException {
    List<Object[]> rows = Arrays.asList(new Object[] {1, -0.0}, new Object[] {0, 0.0});

    assertThat(AUC.complete(rows)).isEqualTo(0.5);
  }

  @Test
  void otherTypesOfLabelsScoresAndUsers() throws HiveException {
    Aggregation booleans =
        new Aggregation(
            new AreaUnderCurve(),
            PrimitiveObjectInspectorFactory.javaBooleanObjectInspector,
            PrimitiveObjectInspectorFactory.javaFloatObjectInspector);
    Aggregation numbers =
        new Aggregation(
            new GroupedAreaUnderCurve(),
            PrimitiveObjectInspectorFactory.javaLongObjectInspector,
            PrimitiveObjectInspectorFactory.javaDoubleObjectInspector,
            INT);

    assertThat(
            booleans.complete(
                Arrays.asList(new Object[] {true, 0.75f}, new Object[] {false, 0.5f})))
        .isEqualTo(1.0);
    assertThat(
            numbers.complete(Arrays.asList(new Object[] {7L, 1.0, 3}, new Object[] {7L, 0.0, 4})))
        .isEqualTo(0.0);
  }

  @Test
  void otherLabelsAndScoresAreErrors() {
    assertThatThrownBy(() -> AUC.complete(Collections.singletonList(new Object[] {2, 0.5})))
        .isInstanceOf(HiveException.class)
        .hasMessage("auc needs labels of 0 and 1, one was 2.0");
    assertThatThrownBy(() -> AUC.complete(Collections.singletonList(new Object[] {1, Double.NaN})))
        .isInstanceOf(HiveException.class)
        .hasMessage("auc: a score is not a number");
    assertThatThrownBy(
            () -> GAUC.complete(Collections.singletonList(new Object[] {"a", 0, Double.NaN})))
        .hasMessage("gauc: a score is not a number");
  }

  @Test
  void otherTypesAreRefusedWhenTheQueryIsCompiled() {
    assertThatThrownBy(
            () ->
                new Aggregation(new AreaUnderCurve(), TEXT, DOUBLE)
                    .complete(Collections.emptyList()))
        .isInstanceOf(UDFArgumentException.class)
        .hasMessage("auc needs a label of 0 and 1 or a boolean as argument 1, was string");
    assertThatThrownBy(
            () ->
                new Aggregation(new GroupedAreaUnderCurve(), TEXT, INT, TEXT)
                    .complete(Collections.emptyList()))
        .hasMessage("gauc needs a score that is a number as argument 3, was string");
    assertThatThrownBy(
            () -> new Aggregation(new AreaUnderCurve(), INT).complete(Collections.emptyList()))
        .hasMessage("auc needs label and score, was given 1 arguments");
  }

  @Test
  void moreDistinctScoresThanThereIsMemoryForIsAnError() {
    ScoreCounts counts = new ScoreCounts();

    assertThatThrownBy(
            () -> {
              for (int i = 0; i <= 2 * ScoreCounts.MOST_SCORES; i++) {
                counts.add(true, i);
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("more than 4194304 distinct scores");
  }

  @Test
  void countsOfMillionsOfImpressionsWithFewScoresAreSmall() {
    ScoreCounts counts = new ScoreCounts();
    for (int i = 0; i < 3_000_000; i++) {
      counts.add(i % 7 == 0, i % 1000 / 1000.0);
    }

    assertThat(counts.toBytes()).hasSizeLessThan(20_000);
    assertThat(counts.memory()).isLessThan(60_000);
  }

  @Test
  void foreignBytesAreErrors() {
    assertThatThrownBy(() -> new ScoreCounts().add(new byte[] {9, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counts of scores have format 9, needed 1");
    assertThatThrownBy(() -> new UserScores().add(new byte[0]))
        .hasMessage("0 bytes are no scores of users");
  }

  /** User, label, score; a user's impressions lie apart. */
  private List<Object[]> rows(int count, int users, int distinctScores) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              int label = random.nextInt(4) == 0 ? 1 : 0;
              double score =
                  (random.nextInt(distinctScores) + (distinctScores > 1 ? label : 0))
                      / (double) distinctScores;
              return new Object[] {"user-" + random.nextInt(users), label, score};
            })
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private List<List<Object[]>> parts(List<Object[]> rows, int count) {
    List<List<Object[]>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(new ArrayList<>());
    }
    rows.forEach(row -> parts.get(random.nextInt(count)).add(row));
    return parts;
  }

  private static List<Object[]> withoutUsers(List<Object[]> rows) {
    return rows.stream().map(row -> new Object[] {row[1], row[2]}).collect(Collectors.toList());
  }

  /** The share of (click, no click) pairs in the right order, ties half. */
  private static double auc(List<Object[]> rows) {
    double right = 0;
    double pairs = 0;
    for (Object[] click : rows) {
      for (Object[] other : rows) {
        if ((Integer) click[1] == 1 && (Integer) other[1] == 0) {
          pairs++;
          right += (Math.signum((Double) click[2] - (Double) other[2]) + 1) / 2;
        }
      }
    }
    return right / pairs;
  }

  private static double gauc(List<Object[]> rows) {
    double sum = 0;
    double weights = 0;
    Map<Object, List<Object[]>> users = rows.stream().collect(Collectors.groupingBy(row -> row[0]));
    for (List<Object[]> user : users.values()) {
      double auc = auc(user);
      if (!Double.isNaN(auc)) {
        sum += auc * user.size();
        weights += user.size();
      }
    }
    return sum / weights;
  }
}
