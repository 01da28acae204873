package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFEvaluator;
import org.apache.hadoop.hive.serde2.io.DoubleWritable;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.BinaryObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;
import org.apache.hadoop.io.BytesWritable;

/**
 * An aggregate of impressions whose partial result is a binary and whose result is a double, NULL
 * where it is not defined.
 */
abstract class RankingEvaluator extends GenericUDAFEvaluator {
  private final String function;
  private transient BinaryObjectInspector partial;

  RankingEvaluator(String function) {
    this.function = function;
  }

  /** What an aggregate has of one group, with Hive's estimate of its memory. */
  @AggregationType(estimable = true)
  abstract static class RankingBuffer extends AbstractAggregationBuffer {
    abstract void merge(byte[] bytes);

    abstract byte[] toBytes();

    /** Not a number for NULL. */
    abstract double result();

    abstract void clear();
  }

  /** Takes the inspectors of the function's own arguments. */
  abstract void arguments(ObjectInspector[] arguments);

  /** Adds a row without NULLs. */
  abstract void add(RankingBuffer buffer, Object[] row) throws HiveException;

  @Override
  public final ObjectInspector init(Mode mode, ObjectInspector[] parameters) throws HiveException {
    super.init(mode, parameters);
    if (mode == Mode.PARTIAL1 || mode == Mode.COMPLETE) {
      arguments(parameters);
    } else {
      partial = (BinaryObjectInspector) parameters[0];
    }
    return mode == Mode.PARTIAL1 || mode == Mode.PARTIAL2
        ? PrimitiveObjectInspectorFactory.writableBinaryObjectInspector
        : PrimitiveObjectInspectorFactory.writableDoubleObjectInspector;
  }

  @Override
  public final void reset(AggregationBuffer buffer) {
    ((RankingBuffer) buffer).clear();
  }

  @Override
  public final void iterate(AggregationBuffer buffer, Object[] row) throws HiveException {
    for (Object value : row) {
      if (value == null) {
        return;
      }
    }
    try {
      add((RankingBuffer) buffer, row);
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new HiveException(function + ": " + e.getMessage(), e);
    }
  }

  @Override
  public final Object terminatePartial(AggregationBuffer buffer) throws HiveException {
    return new BytesWritable(((RankingBuffer) buffer).toBytes());
  }

  @Override
  public final void merge(AggregationBuffer buffer, Object data) throws HiveException {
    if (data == null) {
      return;
    }
    try {
      ((RankingBuffer) buffer).merge(partial.getPrimitiveJavaObject(data));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new HiveException(function + ": " + e.getMessage(), e);
    }
  }

  @Override
  public final Object terminate(AggregationBuffer buffer) throws HiveException {
    double result = ((RankingBuffer) buffer).result();
    return Double.isNaN(result) ? null : new DoubleWritable(result);
  }
}
