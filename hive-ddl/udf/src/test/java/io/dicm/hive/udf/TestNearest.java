package io.dicm.hive.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoFactory;
import org.apache.hadoop.io.IntWritable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestNearest {
  private static final ObjectInspector TEXT =
      PrimitiveObjectInspectorFactory.javaStringObjectInspector;
  private static final ObjectInspector DOUBLE =
      PrimitiveObjectInspectorFactory.javaDoubleObjectInspector;

  private final Random random = new Random(3);

  /** Similarities of few values, so that IDs decide at the end of the list. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void partsInAnyOrderGiveTheSortedBeginning(boolean twice) throws HiveException {
    Aggregation nearest = new Aggregation(new Nearest(), TEXT, DOUBLE, count(7));
    List<Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(new Object[] {"image-" + i, random.nextInt(200) / 200.0, new IntWritable(7)});
    }
    List<Object> expected =
        rows.stream()
            .sorted(
                Comparator.comparing((Object[] row) -> -(Double) row[1])
                    .thenComparing(row -> (String) row[0]))
            .limit(7)
            .map(row -> Arrays.asList(row[0], row[1]))
            .collect(Collectors.toList());

    assertThat(nearest.complete(rows)).isEqualTo(expected);
    for (int round = 0; round < 20; round++) {
      Collections.shuffle(rows, random);
      int end = random.nextInt(rows.size());
      int start = random.nextInt(end + 1);
      List<List<Object[]>> parts =
          Arrays.asList(
              rows.subList(start, end), rows.subList(0, start), rows.subList(end, rows.size()));
      assertThat(nearest.merged(parts, twice)).isEqualTo(expected);
    }
  }

  @Test
  void integersBecomeLongs() throws HiveException {
    Aggregation nearest =
        new Aggregation(
            new Nearest(),
            PrimitiveObjectInspectorFactory.writableIntObjectInspector,
            PrimitiveObjectInspectorFactory.javaFloatObjectInspector,
            count(2));
    List<Object[]> rows =
        Arrays.asList(
            new Object[] {new IntWritable(10), 0.5f, new IntWritable(2)},
            new Object[] {new IntWritable(9), 0.5f, new IntWritable(2)},
            new Object[] {new IntWritable(8), 0.25f, new IntWritable(2)});

    assertThat(nearest.merged(Arrays.asList(rows), false))
        .isEqualTo(Arrays.asList(Arrays.asList(9L, 0.5), Arrays.asList(10L, 0.5)));
  }

  @Test
  void nullsAndWhatIsNoNumberAreLeftOut() throws HiveException {
    Aggregation nearest = new Aggregation(new Nearest(), TEXT, DOUBLE, count(3));
    IntWritable k = new IntWritable(3);

    assertThat(
            nearest.complete(
                Arrays.asList(
                    new Object[] {"a", null, k},
                    new Object[] {null, 0.5, k},
                    new Object[] {"b", Double.NaN, k},
                    new Object[] {"c", -1.0, k})))
        .isEqualTo(Arrays.asList(Arrays.asList("c", -1.0)));
    assertThat(nearest.merged(Arrays.asList(Collections.emptyList()), true))
        .isEqualTo(Collections.emptyList());
  }

  @Test
  void countIsAConstantWithinItsRange() {
    for (int k : new int[] {0, -1, 10_001}) {
      assertThatThrownBy(() -> compile(TEXT, DOUBLE, count(k)))
          .isInstanceOf(UDFArgumentException.class)
          .hasMessage("nearest needs k from 1 to 10000, was " + k);
    }
    assertThatThrownBy(
            () -> compile(TEXT, DOUBLE, PrimitiveObjectInspectorFactory.javaIntObjectInspector))
        .hasMessage("nearest needs a constant as argument 3");
  }

  @Test
  void otherTypesAreRefused() {
    assertThatThrownBy(() -> compile(DOUBLE, DOUBLE, count(1)))
        .isInstanceOf(UDFArgumentException.class)
        .hasMessage("nearest needs a string or an integer as argument 1, was double");
    assertThatThrownBy(() -> compile(TEXT, TEXT, count(1)))
        .hasMessage("nearest needs a number as argument 2, was string");
    assertThatThrownBy(() -> compile(TEXT, DOUBLE))
        .hasMessage("nearest needs id, similarity and k, was given 2 arguments");
  }

  private static void compile(ObjectInspector... arguments) throws HiveException {
    new Aggregation(new Nearest(), arguments).complete(Collections.emptyList());
  }

  private static ObjectInspector count(int k) {
    return PrimitiveObjectInspectorFactory.getPrimitiveWritableConstantObjectInspector(
        TypeInfoFactory.intTypeInfo, new IntWritable(k));
  }
}
