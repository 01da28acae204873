package io.dicm.trainer.sample;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.Arrays;
import java.util.List;

/**
 * Which keys a click on an item has as a behaviour: of each behaviour field the item's first.
 * Immutable.
 */
public final class BehaviorKeys {
  private static final long[] NONE = {};

  private final int itemFields;
  private final int[] places;

  public BehaviorKeys(FeatureSchema schema) {
    List<FeatureField> fields = schema.itemFields();
    this.itemFields = fields.size();
    this.places = schema.behaviorFields().stream().mapToInt(fields::indexOf).toArray();
  }

  /** Behaviour fields. */
  int fields() {
    return places.length;
  }

  /**
   * The key of one behaviour field, {@code Fingerprints.NONE} where the item has none.
   *
   * @param itemKeys [item field][values]
   */
  long of(long[][] itemKeys, int field) {
    long[] values = itemKeys[places[field]];
    return values.length == 0 ? Fingerprints.NONE : values[0];
  }

  /**
   * The behaviour of a click on an item.
   *
   * @return its keys, [behaviour field]
   */
  public long[] of(long[][] itemKeys) {
    long[] keys = new long[places.length];
    for (int field = 0; field < places.length; field++) {
      keys[field] = of(itemKeys, field);
    }
    return keys;
  }

  /**
   * An item of which only a behaviour is known: {@link #of(long[][])} gives these keys again.
   *
   * @param keys [behaviour field]
   * @return [item field][values]
   */
  long[][] itemKeys(long[] keys) {
    long[][] itemKeys = new long[itemFields][];
    Arrays.fill(itemKeys, NONE);
    for (int field = 0; field < places.length; field++) {
      if (keys[field] != Fingerprints.NONE) {
        itemKeys[places[field]] = new long[] {keys[field]};
      }
    }
    return itemKeys;
  }
}
