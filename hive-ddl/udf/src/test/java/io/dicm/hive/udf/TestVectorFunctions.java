package io.dicm.hive.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.Description;
import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF;
import org.apache.hadoop.hive.serde2.io.DoubleWritable;
import org.apache.hadoop.hive.serde2.io.HiveDecimalWritable;
import org.apache.hadoop.hive.serde2.objectinspector.ListObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoFactory;
import org.apache.hadoop.io.FloatWritable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestVectorFunctions {
  private static final ObjectInspector FLOATS =
      list(PrimitiveObjectInspectorFactory.javaFloatObjectInspector);
  private static final ObjectInspector FLOAT_WRITABLES =
      list(PrimitiveObjectInspectorFactory.writableFloatObjectInspector);
  private static final ObjectInspector DOUBLES =
      list(PrimitiveObjectInspectorFactory.javaDoubleObjectInspector);

  private final Random random = new Random(11);

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 4096})
  void agreeWithTheirFormulas(int length) throws HiveException {
    float[] first = vector(length);
    float[] second = vector(length);
    double dot = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < length; i++) {
      dot += (double) first[i] * second[i];
      squares += (double) first[i] * first[i];
      otherSquares += (double) second[i] * second[i];
    }

    assertThat(ofFloats(new DotProduct(), first, second)).isCloseTo(dot, within(1e-6));
    assertThat(ofFloats(new CosineSimilarity(), first, second))
        .isCloseTo(dot / Math.sqrt(squares * otherSquares), within(1e-6));
    assertThat(evaluate(new L2Norm(), new ObjectInspector[] {FLOATS}, boxed(first)))
        .isCloseTo(Math.sqrt(squares), within(1e-6));
  }

  @Test
  void writablesAndDoublesAreRead() throws HiveException {
    ObjectInspector[] inspectors = {FLOAT_WRITABLES, DOUBLES};
    List<FloatWritable> first = Arrays.asList(new FloatWritable(1), new FloatWritable(2));

    assertThat(evaluate(new DotProduct(), inspectors, first, Arrays.asList(3.0, 4.0)))
        .isEqualTo(11.0);
  }

  /** Literals in a query are constants of decimals and integers. */
  @Test
  void constantIsReadOnceForAllRows() throws HiveException {
    ObjectInspector constant =
        ObjectInspectorFactory.getStandardConstantListObjectInspector(
            PrimitiveObjectInspectorFactory.getPrimitiveWritableObjectInspector(
                TypeInfoFactory.getDecimalTypeInfo(2, 1)),
            Arrays.asList(decimal("0.5"), decimal("2.0")));
    DotProduct function = new DotProduct();
    function.initialize(new ObjectInspector[] {FLOATS, constant});
    int[] reads = new int[1];
    GenericUDF.DeferredObject value =
        new GenericUDF.DeferredJavaObject(Arrays.asList(decimal("0.5"), decimal("2.0"))) {
          @Override
          public Object get() throws HiveException {
            reads[0]++;
            return super.get();
          }
        };

    for (float x = 1; x < 4; x++) {
      Object result =
          function.evaluate(
              new GenericUDF.DeferredObject[] {
                new GenericUDF.DeferredJavaObject(Arrays.asList(x, 1f)), value
              });
      assertThat(((DoubleWritable) result).get()).isEqualTo(0.5 * x + 2);
    }

    assertThat(reads[0]).isEqualTo(1);
  }

  @Test
  void shorterVectorAfterALongOneIsReadAlone() throws HiveException {
    L2Norm function = new L2Norm();
    function.initialize(new ObjectInspector[] {FLOATS});

    assertThat(next(function, Arrays.asList(3f, 4f, 12f))).isEqualTo(13);
    assertThat(next(function, Arrays.asList(3f, 4f))).isEqualTo(5);
    assertThat(next(function, new ArrayList<Float>())).isZero();
  }

  @Test
  void nullsGiveNull() throws HiveException {
    ObjectInspector[] two = {FLOATS, FLOATS};

    assertThat(evaluate(new DotProduct(), two, null, Arrays.asList(1f))).isNull();
    assertThat(evaluate(new CosineSimilarity(), two, Arrays.asList(1f), null)).isNull();
    assertThat(evaluate(new DotProduct(), two, Arrays.asList(1f, null), Arrays.asList(1f, 2f)))
        .isNull();
    assertThat(evaluate(new L2Norm(), new ObjectInspector[] {FLOATS}, (Object) null)).isNull();
    assertThat(evaluate(new CosineSimilarity(), two, Arrays.asList(0f), Arrays.asList(1f)))
        .as("a vector of zeros has no direction")
        .isNull();
  }

  @Test
  void cosineIsNeverBeyondOne() throws HiveException {
    for (int i = 0; i < 1000; i++) {
      float[] vector = vector(7);
      assertThat(ofFloats(new CosineSimilarity(), vector, vector)).isBetween(1 - 1e-12, 1.0);
    }
  }

  @Test
  void differentLengthsAreNamed() {
    assertThatThrownBy(() -> ofFloats(new CosineSimilarity(), vector(4096), vector(12)))
        .isInstanceOf(HiveException.class)
        .hasMessage(
            "cosine_similarity needs two vectors of one length, the first has 4096 values and the"
                + " second 12");
  }

  @Test
  void wrongArgumentsAreRefusedWhenTheQueryIsCompiled() {
    ObjectInspector text = list(PrimitiveObjectInspectorFactory.javaStringObjectInspector);

    assertThatThrownBy(() -> new DotProduct().initialize(new ObjectInspector[] {FLOATS, text}))
        .isInstanceOf(UDFArgumentException.class)
        .hasMessage("dot_product needs an array of numbers as argument 2, was array<string>");
    assertThatThrownBy(() -> new CosineSimilarity().initialize(new ObjectInspector[] {FLOATS}))
        .isInstanceOf(UDFArgumentException.class)
        .hasMessage("cosine_similarity needs two arrays of numbers, was given 1 arguments");
    assertThatThrownBy(
            () ->
                new L2Norm()
                    .initialize(
                        new ObjectInspector[] {
                          PrimitiveObjectInspectorFactory.javaFloatObjectInspector
                        }))
        .hasMessage("l2_norm needs an array of numbers as argument 1, was float");
  }

  @Test
  void everyFunctionDescribesItself() {
    for (Class<?> function :
        Arrays.asList(
            CosineSimilarity.class,
            DotProduct.class,
            L2Norm.class,
            DecodeHalf.class,
            Nearest.class,
            AreaUnderCurve.class,
            GroupedAreaUnderCurve.class)) {
      Description description = function.getAnnotation(Description.class);
      assertThat(description.value()).as(description.name()).startsWith("_FUNC_(");
      assertThat(description.extended()).as(description.name()).contains("NULL", "Example");
    }
  }

  private float[] vector(int length) {
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return vector;
  }

  private static Double ofFloats(GenericUDF function, float[] first, float[] second)
      throws HiveException {
    return evaluate(function, new ObjectInspector[] {FLOATS, FLOATS}, boxed(first), boxed(second));
  }

  private static Double evaluate(
      GenericUDF function, ObjectInspector[] inspectors, Object... arguments) throws HiveException {
    function.initialize(inspectors);
    return next(function, arguments);
  }

  private static Double next(GenericUDF function, Object... arguments) throws HiveException {
    GenericUDF.DeferredObject[] deferred =
        Arrays.stream(arguments)
            .map(GenericUDF.DeferredJavaObject::new)
            .toArray(GenericUDF.DeferredObject[]::new);
    DoubleWritable result = (DoubleWritable) function.evaluate(deferred);
    return result == null ? null : result.get();
  }

  private static List<Float> boxed(float[] values) {
    List<Float> boxed = new ArrayList<>();
    for (float value : values) {
      boxed.add(value);
    }
    return boxed;
  }

  private static HiveDecimalWritable decimal(String value) {
    return new HiveDecimalWritable(HiveDecimal.create(value));
  }

  private static ListObjectInspector list(ObjectInspector element) {
    return ObjectInspectorFactory.getStandardListObjectInspector(element);
  }
}
