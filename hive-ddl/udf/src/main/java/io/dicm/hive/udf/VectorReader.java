package io.dicm.hive.udf;

import java.util.List;
import org.apache.hadoop.hive.ql.exec.UDFArgumentTypeException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF.DeferredObject;
import org.apache.hadoop.hive.serde2.objectinspector.ConstantObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ListObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.PrimitiveObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.FloatObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorUtils;

/**
 * Reads one argument that is an array of numbers, in whatever form Hive has it. The values of the
 * last call are kept in one buffer; those of a constant are read once. For one thread.
 */
final class VectorReader {
  private final ListObjectInspector list;
  private final PrimitiveObjectInspector element;
  private final boolean constant;
  private double[] values = new double[0];
  private int length;
  private boolean known;
  private boolean valid;

  private VectorReader(
      ListObjectInspector list, PrimitiveObjectInspector element, boolean constant) {
    this.list = list;
    this.element = element;
    this.constant = constant;
  }

  /**
   * @param position of the argument, from 0
   * @throws UDFArgumentTypeException for anything but an array of numbers
   */
  static VectorReader of(String function, ObjectInspector argument, int position)
      throws UDFArgumentTypeException {
    if (argument instanceof ListObjectInspector) {
      ListObjectInspector list = (ListObjectInspector) argument;
      ObjectInspector element = list.getListElementObjectInspector();
      if (element instanceof PrimitiveObjectInspector
          && ArgumentTypes.isNumber(((PrimitiveObjectInspector) element).getTypeInfo())) {
        return new VectorReader(
            list, (PrimitiveObjectInspector) element, argument instanceof ConstantObjectInspector);
      }
    }
    throw new UDFArgumentTypeException(
        position,
        function
            + " needs an array of numbers as argument "
            + (position + 1)
            + ", was "
            + argument.getTypeName());
  }

  /**
   * Reads a row's vector.
   *
   * @return whether there is one: not for NULL and for an array with a NULL
   */
  boolean read(DeferredObject argument) throws HiveException {
    if (constant && known) {
      return valid;
    }
    valid = fill(argument.get());
    known = true;
    return valid;
  }

  /** Number of values of the last vector. */
  int length() {
    return length;
  }

  /** A value of the last vector, from 0. */
  double value(int index) {
    return values[index];
  }

  private boolean fill(Object data) {
    length = data == null ? -1 : list.getListLength(data);
    if (length < 0) {
      return false;
    }
    if (values.length < length) {
      values = new double[length];
    }
    List<?> elements = list.getList(data);
    for (int i = 0; i < length; i++) {
      Object value = elements.get(i);
      if (value == null) {
        return false;
      }
      values[i] =
          element instanceof FloatObjectInspector
              ? ((FloatObjectInspector) element).get(value)
              : PrimitiveObjectInspectorUtils.getDouble(value, element);
    }
    return true;
  }
}
