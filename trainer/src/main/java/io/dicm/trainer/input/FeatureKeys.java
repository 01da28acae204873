package io.dicm.trainer.input;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.schema.FeatureField;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Turns the feature columns of rows into keys. Immutable.
 *
 * <p>The key of a value is {@code Fingerprints.idKey(field, value)}; in a hash space of N that of
 * the text {@code #i}, where i is the unsigned remainder of that key by N; of a number that of the
 * text {@code bucket i}.
 */
public final class FeatureKeys {
  private static final long[] NONE = {};

  private final List<FeatureField> fields;

  public FeatureKeys(List<FeatureField> fields) {
    this.fields = List.copyOf(fields);
  }

  /** The fields, in the order of the keys. */
  public List<FeatureField> fields() {
    return fields;
  }

  /**
   * The keys of a row, [field][values]; no values where the field is empty.
   *
   * @throws BadRowException {@link RowProblem#BAD_NUMBER}
   */
  public long[][] of(TableRow row) throws BadRowException {
    long[][] keys = new long[fields.size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = of(fields.get(i), row);
    }
    return keys;
  }

  private static long[] of(FeatureField field, TableRow row) throws BadRowException {
    return switch (field.kind()) {
      case ID -> {
        String value = row.value(field.name());
        yield value.isEmpty() ? NONE : new long[] {key(field, value)};
      }
      case IDS -> row.values(field.name()).stream().mapToLong(value -> key(field, value)).toArray();
      case NUMBER -> bucket(field, row.number(field.name()));
    };
  }

  private static long key(FeatureField field, String value) {
    long key = Fingerprints.idKey(field.name(), value);
    return field.hashSpace() == 0
        ? key
        : Fingerprints.idKey(field.name(), "#" + Long.remainderUnsigned(key, field.hashSpace()));
  }

  private static long[] bucket(FeatureField field, OptionalDouble number) {
    if (number.isEmpty()) {
      return NONE;
    }
    int bucket = field.buckets().orElseThrow().of(number.getAsDouble());
    return new long[] {Fingerprints.idKey(field.name(), "bucket " + bucket)};
  }
}
