package io.dicm.hive.udf;

import java.util.EnumSet;
import java.util.Set;
import org.apache.hadoop.hive.serde2.objectinspector.PrimitiveObjectInspector.PrimitiveCategory;
import org.apache.hadoop.hive.serde2.typeinfo.PrimitiveTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;

/** Which of Hive's types the functions take. */
final class ArgumentTypes {
  private static final Set<PrimitiveCategory> INTEGERS =
      EnumSet.of(
          PrimitiveCategory.BYTE,
          PrimitiveCategory.SHORT,
          PrimitiveCategory.INT,
          PrimitiveCategory.LONG);

  private static final Set<PrimitiveCategory> FRACTIONS =
      EnumSet.of(PrimitiveCategory.FLOAT, PrimitiveCategory.DOUBLE, PrimitiveCategory.DECIMAL);

  private static final Set<PrimitiveCategory> TEXTS =
      EnumSet.of(PrimitiveCategory.STRING, PrimitiveCategory.VARCHAR, PrimitiveCategory.CHAR);

  private static final Set<PrimitiveCategory> BOOLEANS = EnumSet.of(PrimitiveCategory.BOOLEAN);

  private ArgumentTypes() {}

  static boolean isNumber(TypeInfo type) {
    return is(type, INTEGERS) || is(type, FRACTIONS);
  }

  static boolean isInteger(TypeInfo type) {
    return is(type, INTEGERS);
  }

  static boolean isText(TypeInfo type) {
    return is(type, TEXTS);
  }

  static boolean isBoolean(TypeInfo type) {
    return is(type, BOOLEANS);
  }

  private static boolean is(TypeInfo type, Set<PrimitiveCategory> categories) {
    return type instanceof PrimitiveTypeInfo
        && categories.contains(((PrimitiveTypeInfo) type).getPrimitiveCategory());
  }
}
