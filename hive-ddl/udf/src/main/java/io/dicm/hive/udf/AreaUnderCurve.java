package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.exec.Description;
import org.apache.hadoop.hive.ql.exec.UDFArgumentLengthException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.parse.SemanticException;
import org.apache.hadoop.hive.ql.udf.generic.AbstractGenericUDAFResolver;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDAFEvaluator;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;

/** {@code auc(label, score)}: exact, ties counting half, as {@link ScoreCounts} has it. */
@Description(
    name = "auc",
    value = "_FUNC_(label, score) - exact area under the ROC curve, equal scores counting half",
    extended =
        "label: 0 and 1, or a boolean; score: any number, higher for a likelier click. Rows with a"
            + " NULL are left out; NULL when the labels are all equal. Memory is 24 bytes a distinct"
            + " score, at most 4194304 of them in a group.\n"
            + "Example: SELECT _FUNC_(label, probability) FROM predictions WHERE dt = '2026-01-31'")
public final class AreaUnderCurve extends AbstractGenericUDAFResolver {
  private static final String NAME = "auc";

  @Override
  public GenericUDAFEvaluator getEvaluator(TypeInfo[] types) throws SemanticException {
    if (types.length != 2) {
      throw new UDFArgumentLengthException(
          NAME + " needs label and score, was given " + types.length + " arguments");
    }
    LabelReader.check(NAME, types, 0);
    return new Evaluator();
  }

  /** For Hive, which makes it by reflection. */
  public static final class Evaluator extends RankingEvaluator {
    private transient LabelReader reader;

    public Evaluator() {
      super(NAME);
    }

    @Override
    void arguments(ObjectInspector[] arguments) {
      reader = new LabelReader(NAME, arguments[0], arguments[1]);
    }

    @Override
    void add(RankingBuffer buffer, Object[] row) throws HiveException {
      ((Counts) buffer).counts.add(reader.click(row[0]), reader.score(row[1]));
    }

    @Override
    public AbstractAggregationBuffer getNewAggregationBuffer() {
      return new Counts();
    }
  }

  private static final class Counts extends RankingEvaluator.RankingBuffer {
    private ScoreCounts counts = new ScoreCounts();

    @Override
    void merge(byte[] bytes) {
      counts.add(bytes);
    }

    @Override
    byte[] toBytes() {
      return counts.toBytes();
    }

    @Override
    double result() {
      return counts.areaUnderCurve();
    }

    @Override
    void clear() {
      counts = new ScoreCounts();
    }

    @Override
    public int estimate() {
      return counts.memory();
    }
  }
}
