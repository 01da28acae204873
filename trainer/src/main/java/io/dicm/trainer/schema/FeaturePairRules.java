package io.dicm.trainer.schema;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What must hold of a schema's crosses; its fields are good. */
final class FeaturePairRules {
  /** Most crosses of a schema; an impression asks for the rows of all of them. */
  static final int MOST_CROSSES = 64;

  private final String source;
  private final Set<String> names = new LinkedHashSet<>();

  /**
   * @param source what to call the schema in error messages
   * @param fields of the schema
   */
  FeaturePairRules(String source, List<FeatureField> fields) {
    this.source = source;
    for (FeatureField field : fields) {
      names.add(field.name());
    }
    for (FeatureField field : fields) {
      if (field.behavior()) {
        names.add(FeaturePair.BEHAVIOR + field.name());
      }
    }
  }

  void check(List<FeaturePair> crosses) {
    if (crosses.size() > MOST_CROSSES) {
      throw invalid("there are " + crosses.size() + " crosses, allowed 0 to " + MOST_CROSSES);
    }
    for (int i = 0; i < crosses.size(); i++) {
      check(crosses.get(i), crosses.subList(0, i));
    }
  }

  private void check(FeaturePair cross, List<FeaturePair> before) {
    String where = "cross " + (before.size() + 1) + " (" + cross + ")";
    checkName(cross.first(), where);
    checkName(cross.second(), where);
    if (cross.first().equals(cross.second())) {
      throw invalid(where + " has '" + cross.first() + "' twice, needed two different features");
    }
    for (int i = 0; i < before.size(); i++) {
      if (cross.isOfSame(before.get(i))) {
        throw invalid(
            where
                + " is of the same features as cross "
                + (i + 1)
                + ", allowed is one cross of two features, in either order");
      }
    }
  }

  private void checkName(String name, String where) {
    if (!names.contains(name)) {
      throw invalid(where + " has '" + name + "', allowed " + String.join(", ", names));
    }
  }

  private DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.FEATURES_JSON_INVALID, "Cannot use " + source + ": " + why + ".");
  }
}
