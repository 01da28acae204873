package io.dicm.hive.udf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.Description;
import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.exec.UDFArgumentLengthException;
import org.apache.hadoop.hive.ql.exec.UDFArgumentTypeException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.parse.SemanticException;
import org.apache.hadoop.hive.ql.udf.generic.AbstractGenericUDAFResolver;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFEvaluator;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFParameterInfo;
import org.apache.hadoop.hive.serde2.objectinspector.ConstantObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ListObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.objectinspector.PrimitiveObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.StructField;
import org.apache.hadoop.hive.serde2.objectinspector.StructObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorUtils;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;

/** {@code nearest(id, similarity, k)}: as {@link NearestItems} has them. */
@Description(
    name = "nearest",
    value =
        "_FUNC_(id, similarity, k) - the k rows of the highest similarity, the best one first:"
            + " array<struct<id,similarity:double>>",
    extended =
        "id: a string or an integer, which becomes a bigint; k: a constant from 1 to 10000. Of"
            + " equal similarities the lower id comes first. Rows with a NULL, or a similarity that"
            + " is not a number, are left out; without others the array is empty.\n"
            + "Example: SELECT _FUNC_(image_id, cosine_similarity(ad_code, array(0.1, 0.9)), 5)"
            + " FROM image_codes")
public final class Nearest extends AbstractGenericUDAFResolver {
  private static final String NAME = "nearest";
  private static final int MOST = 10_000;

  @Override
  public GenericUDAFEvaluator getEvaluator(GenericUDAFParameterInfo info) throws SemanticException {
    ObjectInspector[] arguments = info.getParameterObjectInspectors();
    GenericUDAFEvaluator evaluator = getEvaluator(info.getParameters());
    if (!(arguments[2] instanceof ConstantObjectInspector)) {
      throw new UDFArgumentTypeException(2, NAME + " needs a constant as argument 3");
    }
    Object k = ((ConstantObjectInspector) arguments[2]).getWritableConstantValue();
    if (k == null) {
      throw new UDFArgumentException(NAME + " needs k from 1 to " + MOST + ", was NULL");
    }
    checkCount(PrimitiveObjectInspectorUtils.getLong(k, (PrimitiveObjectInspector) arguments[2]));
    return evaluator;
  }

  @Override
  public GenericUDAFEvaluator getEvaluator(TypeInfo[] types) throws SemanticException {
    if (types.length != 3) {
      throw new UDFArgumentLengthException(
          NAME + " needs id, similarity and k, was given " + types.length + " arguments");
    }
    requirePrimitive(
        types,
        0,
        ArgumentTypes.isText(types[0]) || ArgumentTypes.isInteger(types[0]),
        "a string or an integer");
    requirePrimitive(types, 1, ArgumentTypes.isNumber(types[1]), "a number");
    requirePrimitive(types, 2, ArgumentTypes.isInteger(types[2]), "an integer");
    return new Evaluator();
  }

  private static void requirePrimitive(TypeInfo[] types, int position, boolean right, String needed)
      throws UDFArgumentTypeException {
    if (!right) {
      throw new UDFArgumentTypeException(
          position,
          NAME
              + " needs "
              + needed
              + " as argument "
              + (position + 1)
              + ", was "
              + types[position].getTypeName());
    }
  }

  private static int checkCount(long k) throws UDFArgumentException {
    if (k < 1 || k > MOST) {
      throw new UDFArgumentException(NAME + " needs k from 1 to " + MOST + ", was " + k);
    }
    return (int) k;
  }

  /** For Hive, which makes it by reflection. */
  public static final class Evaluator extends GenericUDAFEvaluator {
    private static final String COUNT = "k";
    private static final String ITEMS = "items";
    private static final String ID = "id";
    private static final String SIMILARITY = "similarity";

    private transient PrimitiveObjectInspector id;
    private transient PrimitiveObjectInspector similarity;
    private transient PrimitiveObjectInspector count;
    private transient PartialReader partial;

    @Override
    public ObjectInspector init(Mode mode, ObjectInspector[] parameters) throws HiveException {
      super.init(mode, parameters);
      if (mode == Mode.PARTIAL1 || mode == Mode.COMPLETE) {
        id = (PrimitiveObjectInspector) parameters[0];
        similarity = (PrimitiveObjectInspector) parameters[1];
        count = (PrimitiveObjectInspector) parameters[2];
      } else {
        partial = new PartialReader((StructObjectInspector) parameters[0]);
        id = partial.id;
      }
      ListObjectInspector items = items(ArgumentTypes.isText(id.getTypeInfo()));
      return mode == Mode.PARTIAL1 || mode == Mode.PARTIAL2 ? partial(items) : items;
    }

    @Override
    public AbstractAggregationBuffer getNewAggregationBuffer() {
      return new Found();
    }

    @Override
    public void reset(AggregationBuffer buffer) {
      ((Found) buffer).items = null;
    }

    @Override
    public void iterate(AggregationBuffer buffer, Object[] row) throws HiveException {
      if (row[0] == null || row[1] == null || row[2] == null) {
        return;
      }
      double value = PrimitiveObjectInspectorUtils.getDouble(row[1], similarity);
      if (!Double.isNaN(value)) {
        Found found = (Found) buffer;
        if (found.items == null) {
          found.items =
              new NearestItems(checkCount(PrimitiveObjectInspectorUtils.getLong(row[2], count)));
        }
        found.items.add(name(row[0], id), value);
      }
    }

    @Override
    public Object terminatePartial(AggregationBuffer buffer) {
      Found found = (Found) buffer;
      return found.items == null ? null : Arrays.asList(found.items.most(), found.rows());
    }

    @Override
    public void merge(AggregationBuffer buffer, Object data) {
      if (data != null) {
        partial.addTo((Found) buffer, data);
      }
    }

    @Override
    public Object terminate(AggregationBuffer buffer) {
      return ((Found) buffer).rows();
    }

    @SuppressWarnings("unchecked") // A string or a long, each compared with its own kind alone.
    private static Comparable<Object> name(Object data, PrimitiveObjectInspector id) {
      Object name =
          ArgumentTypes.isText(id.getTypeInfo())
              ? PrimitiveObjectInspectorUtils.getString(data, id)
              : (Object) PrimitiveObjectInspectorUtils.getLong(data, id);
      return (Comparable<Object>) name;
    }

    private static ListObjectInspector items(boolean text) {
      return ObjectInspectorFactory.getStandardListObjectInspector(
          ObjectInspectorFactory.getStandardStructObjectInspector(
              Arrays.asList(ID, SIMILARITY),
              Arrays.asList(
                  text
                      ? PrimitiveObjectInspectorFactory.javaStringObjectInspector
                      : PrimitiveObjectInspectorFactory.javaLongObjectInspector,
                  PrimitiveObjectInspectorFactory.javaDoubleObjectInspector)));
    }

    private static ObjectInspector partial(ListObjectInspector items) {
      return ObjectInspectorFactory.getStandardStructObjectInspector(
          Arrays.asList(COUNT, ITEMS),
          Arrays.asList(PrimitiveObjectInspectorFactory.javaIntObjectInspector, items));
    }
  }

  /** Takes a partial result apart, in whatever form Hive has it. Immutable. */
  private static final class PartialReader {
    private final StructObjectInspector struct;
    private final StructField count;
    private final StructField items;
    private final ListObjectInspector list;
    private final StructObjectInspector item;
    private final StructField idField;
    private final StructField similarity;
    private final PrimitiveObjectInspector id;

    PartialReader(StructObjectInspector struct) {
      this.struct = struct;
      this.count = struct.getAllStructFieldRefs().get(0);
      this.items = struct.getAllStructFieldRefs().get(1);
      this.list = (ListObjectInspector) items.getFieldObjectInspector();
      this.item = (StructObjectInspector) list.getListElementObjectInspector();
      this.idField = item.getAllStructFieldRefs().get(0);
      this.similarity = item.getAllStructFieldRefs().get(1);
      this.id = (PrimitiveObjectInspector) idField.getFieldObjectInspector();
    }

    void addTo(Found found, Object data) {
      if (found.items == null) {
        found.items =
            new NearestItems(
                PrimitiveObjectInspectorUtils.getInt(
                    struct.getStructFieldData(data, count),
                    (PrimitiveObjectInspector) count.getFieldObjectInspector()));
      }
      for (Object row : list.getList(struct.getStructFieldData(data, items))) {
        found.items.add(
            Evaluator.name(item.getStructFieldData(row, idField), id),
            PrimitiveObjectInspectorUtils.getDouble(
                item.getStructFieldData(row, similarity),
                (PrimitiveObjectInspector) similarity.getFieldObjectInspector()));
      }
    }
  }

  @GenericUDAFEvaluator.AggregationType(estimable = true)
  private static final class Found extends GenericUDAFEvaluator.AbstractAggregationBuffer {
    private static final int ITEM_BYTES = 150;

    /** Null before the first row, which says how many are wanted. */
    private NearestItems items;

    List<Object> rows() {
      List<Object> rows = new ArrayList<>();
      if (items != null) {
        for (NearestItems.Item item : items.sorted()) {
          rows.add(Arrays.<Object>asList(item.id(), item.similarity()));
        }
      }
      return rows;
    }

    @Override
    public int estimate() {
      return 100 + (items == null ? 0 : ITEM_BYTES * items.size());
    }
  }
}
