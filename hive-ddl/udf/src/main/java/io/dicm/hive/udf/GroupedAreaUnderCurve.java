package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.exec.Description;
import org.apache.hadoop.hive.ql.exec.UDFArgumentLengthException;
import org.apache.hadoop.hive.ql.exec.UDFArgumentTypeException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.parse.SemanticException;
import org.apache.hadoop.hive.ql.udf.generic.AbstractGenericUDAFResolver;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFEvaluator;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.PrimitiveObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorUtils;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;

/** {@code gauc(user, label, score)}: as {@link UserScores} has it. */
@Description(
    name = "gauc",
    value =
        "_FUNC_(user, label, score) - the users' exact AUCs, weighted by their impressions; users"
            + " whose labels are all equal are left out",
    extended =
        "user: any primitive; label: 0 and 1, or a boolean; score: any number, higher for a"
            + " likelier click. Rows with a NULL are left out; NULL when no user has both labels."
            + " Memory is 13 bytes an impression and 100 a user, at most 8388608 impressions in a"
            + " group; for more, take auc(label, score) by user first.\n"
            + "Example: SELECT _FUNC_(user_id, label, probability) FROM predictions")
public final class GroupedAreaUnderCurve extends AbstractGenericUDAFResolver {
  private static final String NAME = "gauc";

  @Override
  public GenericUDAFEvaluator getEvaluator(TypeInfo[] types) throws SemanticException {
    if (types.length != 3) {
      throw new UDFArgumentLengthException(
          NAME + " needs user, label and score, was given " + types.length + " arguments");
    }
    if (types[0].getCategory() != ObjectInspector.Category.PRIMITIVE) {
      throw new UDFArgumentTypeException(
          0, NAME + " needs a primitive as argument 1, was " + types[0].getTypeName());
    }
    LabelReader.check(NAME, types, 1);
    return new Evaluator();
  }

  /** For Hive, which makes it by reflection. */
  public static final class Evaluator extends RankingEvaluator {
    private transient PrimitiveObjectInspector user;
    private transient LabelReader reader;

    public Evaluator() {
      super(NAME);
    }

    @Override
    void arguments(ObjectInspector[] arguments) {
      user = (PrimitiveObjectInspector) arguments[0];
      reader = new LabelReader(NAME, arguments[1], arguments[2]);
    }

    @Override
    void add(RankingBuffer buffer, Object[] row) throws HiveException {
      String name = PrimitiveObjectInspectorUtils.getString(row[0], user);
      ((Users) buffer).scores.add(name, reader.click(row[1]), reader.score(row[2]));
    }

    @Override
    public AbstractAggregationBuffer getNewAggregationBuffer() {
      return new Users();
    }
  }

  private static final class Users extends RankingEvaluator.RankingBuffer {
    private UserScores scores = new UserScores();

    @Override
    void merge(byte[] bytes) {
      scores.add(bytes);
    }

    @Override
    byte[] toBytes() {
      return scores.toBytes();
    }

    @Override
    double result() {
      return scores.groupedAreaUnderCurve();
    }

    @Override
    void clear() {
      scores = new UserScores();
    }

    @Override
    public int estimate() {
      return scores.memory();
    }
  }
}
