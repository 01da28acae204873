package io.dicm.hive.udf;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.AbstractGenericUDAFResolver;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFEvaluator;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFEvaluator.AggregationBuffer;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFEvaluator.Mode;
import org.apache.hadoop.hive.ql.udf.generic.SimpleGenericUDAFParameterInfo;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspectorUtils;

/** Runs an aggregate in the ways in which Hive does: at once, or in parts that are merged. */
final class Aggregation {
  private final AbstractGenericUDAFResolver function;
  private final ObjectInspector[] arguments;

  Aggregation(AbstractGenericUDAFResolver function, ObjectInspector... arguments) {
    this.function = function;
    this.arguments = arguments;
  }

  /** In one task. */
  Object complete(List<Object[]> rows) throws HiveException {
    GenericUDAFEvaluator evaluator = evaluator();
    ObjectInspector output = evaluator.init(Mode.COMPLETE, arguments);
    return java(evaluator.terminate(filled(evaluator, rows)), output);
  }

  /**
   * Each part in a task of its own, the partial results merged in their order.
   *
   * @param twice whether partial results of pairs are merged to partial results before
   */
  Object merged(List<List<Object[]>> parts, boolean twice) throws HiveException {
    GenericUDAFEvaluator first = evaluator();
    ObjectInspector partial = first.init(Mode.PARTIAL1, arguments);
    // Between tasks Hive copies partial results, often into other forms.
    ObjectInspector copied = ObjectInspectorUtils.getStandardObjectInspector(partial);
    List<Object> partials = new ArrayList<>();
    for (List<Object[]> part : parts) {
      partials.add(copy(first.terminatePartial(filled(first, part)), partial));
    }
    if (twice) {
      GenericUDAFEvaluator second = evaluator();
      ObjectInspector again = second.init(Mode.PARTIAL2, new ObjectInspector[] {copied});
      List<Object> pairs = new ArrayList<>();
      for (int i = 0; i < partials.size(); i += 2) {
        List<Object> pair = partials.subList(i, Math.min(i + 2, partials.size()));
        pairs.add(copy(second.terminatePartial(merged(second, pair)), again));
      }
      partials = pairs;
    }
    GenericUDAFEvaluator last = evaluator();
    ObjectInspector output = last.init(Mode.FINAL, new ObjectInspector[] {copied});
    return java(last.terminate(merged(last, partials)), output);
  }

  private GenericUDAFEvaluator evaluator() throws HiveException {
    return function.getEvaluator(
        new SimpleGenericUDAFParameterInfo(arguments, false, false, false));
  }

  private static AggregationBuffer filled(GenericUDAFEvaluator evaluator, List<Object[]> rows)
      throws HiveException {
    AggregationBuffer buffer = evaluator.getNewAggregationBuffer();
    evaluator.reset(buffer);
    for (Object[] row : rows) {
      evaluator.iterate(buffer, row);
    }
    return buffer;
  }

  private static AggregationBuffer merged(GenericUDAFEvaluator evaluator, List<Object> partials)
      throws HiveException {
    AggregationBuffer buffer = evaluator.getNewAggregationBuffer();
    evaluator.reset(buffer);
    for (Object partial : partials) {
      evaluator.merge(buffer, partial);
    }
    return buffer;
  }

  private static Object copy(Object value, ObjectInspector inspector) {
    return ObjectInspectorUtils.copyToStandardObject(value, inspector);
  }

  private static Object java(Object value, ObjectInspector inspector) {
    return ObjectInspectorUtils.copyToStandardJavaObject(value, inspector);
  }
}
