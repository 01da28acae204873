package io.dicm.trainer.input;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import java.util.List;

/** Turns the feature columns of rows into keys. Immutable. */
public final class FeatureKeys {
  private static final long[] NONE = {};

  private final List<FeatureField> fields;

  public FeatureKeys(List<FeatureField> fields) {
    this.fields = fields;
  }

  /** The keys of a row, [field][values]; no values where the field is empty. */
  public long[][] of(CsvRow row) {
    long[][] keys = new long[fields.size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = of(fields.get(i), row);
    }
    return keys;
  }

  private static long[] of(FeatureField field, CsvRow row) {
    String name = field.name();
    if (field.kind() == FeatureKind.IDS) {
      return row.values(name).stream()
          .mapToLong(value -> Fingerprints.idKey(name, value))
          .toArray();
    }
    String value = row.value(name);
    return value.isEmpty() ? NONE : new long[] {Fingerprints.idKey(name, value)};
  }
}
