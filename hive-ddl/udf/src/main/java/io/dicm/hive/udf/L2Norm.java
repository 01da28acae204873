package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.exec.Description;
import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.exec.UDFArgumentLengthException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF;
import org.apache.hadoop.hive.serde2.io.DoubleWritable;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;

/** {@code l2_norm(array)}: a double, 0 for an empty array. */
@Description(
    name = "l2_norm",
    value = "_FUNC_(a) - Euclidean length of an array of numbers, a double",
    extended =
        "NULL when the array is NULL or has a NULL.\n"
            + "Example: SELECT _FUNC_(array(3, 4)) gives 5.0")
public final class L2Norm extends GenericUDF {
  private static final String NAME = "l2_norm";

  private transient VectorReader vector;
  private transient DoubleWritable result;

  @Override
  public ObjectInspector initialize(ObjectInspector[] arguments) throws UDFArgumentException {
    if (arguments.length != 1) {
      throw new UDFArgumentLengthException(
          NAME + " needs one array of numbers, was given " + arguments.length + " arguments");
    }
    vector = VectorReader.of(NAME, arguments[0], 0);
    result = new DoubleWritable();
    return PrimitiveObjectInspectorFactory.writableDoubleObjectInspector;
  }

  @Override
  public Object evaluate(DeferredObject[] arguments) throws HiveException {
    if (!vector.read(arguments[0])) {
      return null;
    }
    result.set(Math.sqrt(VectorPairFunction.dotProduct(vector, vector)));
    return result;
  }

  @Override
  public String getDisplayString(String[] children) {
    return getStandardDisplayString(NAME, children);
  }
}
