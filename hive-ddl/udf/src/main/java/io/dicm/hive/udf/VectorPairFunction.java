package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.exec.UDFArgumentLengthException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF;
import org.apache.hadoop.hive.serde2.io.DoubleWritable;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;

/**
 * A number that two vectors of one length give. NULL where either is NULL or has a NULL among its
 * values; vectors of different lengths fail the query.
 */
abstract class VectorPairFunction extends GenericUDF {
  private final String name;
  private transient VectorReader first;
  private transient VectorReader second;
  private transient DoubleWritable result;

  VectorPairFunction(String name) {
    this.name = name;
  }

  /**
   * The number itself; not a number for NULL.
   *
   * @param first [n]
   * @param second [n]
   */
  abstract double of(VectorReader first, VectorReader second);

  @Override
  public ObjectInspector initialize(ObjectInspector[] arguments) throws UDFArgumentException {
    if (arguments.length != 2) {
      throw new UDFArgumentLengthException(
          name + " needs two arrays of numbers, was given " + arguments.length + " arguments");
    }
    first = VectorReader.of(name, arguments[0], 0);
    second = VectorReader.of(name, arguments[1], 1);
    result = new DoubleWritable();
    return PrimitiveObjectInspectorFactory.writableDoubleObjectInspector;
  }

  @Override
  public Object evaluate(DeferredObject[] arguments) throws HiveException {
    if (!first.read(arguments[0]) || !second.read(arguments[1])) {
      return null;
    }
    if (first.length() != second.length()) {
      throw new HiveException(
          name
              + " needs two vectors of one length, the first has "
              + first.length()
              + " values and the second "
              + second.length());
    }
    double number = of(first, second);
    if (Double.isNaN(number)) {
      return null;
    }
    result.set(number);
    return result;
  }

  @Override
  public String getDisplayString(String[] children) {
    return getStandardDisplayString(name, children);
  }

  /** Sum of the products of values, in double precision. */
  static double dotProduct(VectorReader first, VectorReader second) {
    double sum = 0;
    for (int i = 0; i < first.length(); i++) {
      sum += first.value(i) * second.value(i);
    }
    return sum;
  }
}
