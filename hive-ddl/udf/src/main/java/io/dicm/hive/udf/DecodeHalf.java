package io.dicm.hive.udf;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.Description;
import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.exec.UDFArgumentLengthException;
import org.apache.hadoop.hive.ql.exec.UDFArgumentTypeException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF;
import org.apache.hadoop.hive.serde2.objectinspector.ListObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.objectinspector.PrimitiveObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.BinaryObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorUtils;

/**
 * {@code decode_half(halves)}: an array of floats, of half-precision values in one of three forms.
 */
@Description(
    name = "decode_half",
    value = "_FUNC_(halves) - the array<float> of values in half precision (IEEE 754 binary16)",
    extended =
        "halves: a binary of two bytes a value, the low byte first; an array of such binaries;"
            + " or an array<smallint> or array<int> of the values' 16 bits.\n"
            + "NULL when the argument is NULL; a NULL in an array stays one. Any other number of"
            + " bytes, or bits beyond 16, are an error.\n"
            + "Example: SELECT _FUNC_(array(15360, 49152)) gives [1.0,-2.0]")
public final class DecodeHalf extends GenericUDF {
  private static final String NAME = "decode_half";
  private static final int LEAST_BITS = Short.MIN_VALUE;
  private static final int MOST_BITS = 0xffff;

  private transient ObjectInspector argument;

  @Override
  public ObjectInspector initialize(ObjectInspector[] arguments) throws UDFArgumentException {
    if (arguments.length != 1) {
      throw new UDFArgumentLengthException(
          NAME + " needs one argument, was given " + arguments.length);
    }
    if (!isBinary(arguments[0]) && !isArrayOfHalves(arguments[0])) {
      throw new UDFArgumentTypeException(
          0,
          NAME
              + " needs a binary, or an array of binary, smallint or int, was "
              + arguments[0].getTypeName());
    }
    argument = arguments[0];
    return ObjectInspectorFactory.getStandardListObjectInspector(
        PrimitiveObjectInspectorFactory.javaFloatObjectInspector);
  }

  @Override
  public Object evaluate(DeferredObject[] arguments) throws HiveException {
    Object data = arguments[0].get();
    if (data == null) {
      return null;
    }
    return isBinary(argument) ? ofBytes(bytes(data, argument)) : ofArray(data);
  }

  @Override
  public String getDisplayString(String[] children) {
    return getStandardDisplayString(NAME, children);
  }

  private static List<Float> ofBytes(byte[] bytes) throws HiveException {
    if (bytes.length % Short.BYTES != 0) {
      throw new HiveException(NAME + " needs two bytes a value, was given " + bytes.length);
    }
    List<Float> values = new ArrayList<>(bytes.length / Short.BYTES);
    for (int offset = 0; offset < bytes.length; offset += Short.BYTES) {
      values.add(HalfPrecision.toFloat(HalfPrecision.bits(bytes, offset)));
    }
    return values;
  }

  private List<Float> ofArray(Object data) throws HiveException {
    ListObjectInspector list = (ListObjectInspector) argument;
    ObjectInspector element = list.getListElementObjectInspector();
    int length = list.getListLength(data);
    List<Float> values = new ArrayList<>(Math.max(length, 0));
    for (int i = 0; i < length; i++) {
      Object value = list.getListElement(data, i);
      values.add(value == null ? null : HalfPrecision.toFloat(bits(value, element)));
    }
    return values;
  }

  private static int bits(Object value, ObjectInspector element) throws HiveException {
    if (isBinary(element)) {
      byte[] bytes = bytes(value, element);
      if (bytes.length != Short.BYTES) {
        throw new HiveException(NAME + " needs two bytes a value, one has " + bytes.length);
      }
      return HalfPrecision.bits(bytes, 0);
    }
    int bits = PrimitiveObjectInspectorUtils.getInt(value, (PrimitiveObjectInspector) element);
    if (bits < LEAST_BITS || bits > MOST_BITS) {
      throw new HiveException(
          NAME
              + " needs 16 bits a value, from "
              + LEAST_BITS
              + " to "
              + MOST_BITS
              + ", was "
              + bits);
    }
    return bits;
  }

  private static byte[] bytes(Object value, ObjectInspector inspector) {
    return ((BinaryObjectInspector) inspector).getPrimitiveJavaObject(value);
  }

  private static boolean isBinary(ObjectInspector inspector) {
    return inspector instanceof BinaryObjectInspector;
  }

  private static boolean isArrayOfHalves(ObjectInspector inspector) {
    if (!(inspector instanceof ListObjectInspector)) {
      return false;
    }
    ObjectInspector element = ((ListObjectInspector) inspector).getListElementObjectInspector();
    if (!(element instanceof PrimitiveObjectInspector)) {
      return false;
    }
    switch (((PrimitiveObjectInspector) element).getPrimitiveCategory()) {
      case BINARY:
      case SHORT:
      case INT:
        return true;
      default:
        return false;
    }
  }
}
