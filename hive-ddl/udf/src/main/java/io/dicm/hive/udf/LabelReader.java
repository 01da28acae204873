package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.exec.UDFArgumentTypeException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.PrimitiveObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorUtils;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;

/** Reads the arguments that say whether and how an impression was clicked. Immutable. */
final class LabelReader {
  private final String function;
  private final PrimitiveObjectInspector label;
  private final PrimitiveObjectInspector score;

  LabelReader(String function, ObjectInspector label, ObjectInspector score) {
    this.function = function;
    this.label = (PrimitiveObjectInspector) label;
    this.score = (PrimitiveObjectInspector) score;
  }

  /**
   * Checks the types.
   *
   * @param first position of the label, from 0; the score follows it
   * @throws UDFArgumentTypeException unless both are numbers, or the label a boolean
   */
  static void check(String function, TypeInfo[] types, int first) throws UDFArgumentTypeException {
    if (!ArgumentTypes.isNumber(types[first]) && !ArgumentTypes.isBoolean(types[first])) {
      throw refused(function, "a label of 0 and 1 or a boolean", types, first);
    }
    if (!ArgumentTypes.isNumber(types[first + 1])) {
      throw refused(function, "a score that is a number", types, first + 1);
    }
  }

  /**
   * Whether the impression was clicked.
   *
   * @throws HiveException for another label than 0 and 1
   */
  boolean click(Object data) throws HiveException {
    double value = PrimitiveObjectInspectorUtils.getDouble(data, label);
    if (value != 0 && value != 1) {
      throw new HiveException(function + " needs labels of 0 and 1, one was " + value);
    }
    return value == 1;
  }

  double score(Object data) {
    return PrimitiveObjectInspectorUtils.getDouble(data, score);
  }

  private static UDFArgumentTypeException refused(
      String function, String needed, TypeInfo[] types, int position) {
    return new UDFArgumentTypeException(
        position,
        function
            + " needs "
            + needed
            + " as argument "
            + (position + 1)
            + ", was "
            + types[position].getTypeName());
  }
}
