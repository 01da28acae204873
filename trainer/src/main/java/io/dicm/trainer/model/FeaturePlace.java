package io.dicm.trainer.model;

import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeaturePair;
import io.dicm.trainer.schema.FeatureSchema;
import java.util.List;

/**
 * Where samples have the values of a feature.
 *
 * @param side whose values they are
 * @param position among the side's fields
 */
public record FeaturePlace(Side side, int position) {
  /** Whose values. */
  public enum Side {
    /** Those of the user. */
    USER,
    /** Those of all behaviours together, one a behaviour that has any. */
    BEHAVIOR,
    /** Those of the shown item. */
    ITEM,
    /** Those of the impression itself. */
    CONTEXT
  }

  /**
   * The place of a feature.
   *
   * @param name as in a {@link FeaturePair}
   */
  static FeaturePlace of(FeatureSchema schema, String name) {
    if (name.startsWith(FeaturePair.BEHAVIOR)) {
      String field = name.substring(FeaturePair.BEHAVIOR.length());
      return new FeaturePlace(Side.BEHAVIOR, position(schema.behaviorFields(), field));
    }
    FeatureField field = schema.fields().get(position(schema.fields(), name));
    return switch (field.side()) {
      case USER -> new FeaturePlace(Side.USER, schema.userFields().indexOf(field));
      case ITEM -> new FeaturePlace(Side.ITEM, schema.itemFields().indexOf(field));
      case CONTEXT -> new FeaturePlace(Side.CONTEXT, schema.contextFields().indexOf(field));
    };
  }

  private static int position(List<FeatureField> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("No feature is called " + name);
  }

  /** The keys of an impression's values; {@code Fingerprints.NONE} where a behaviour has none. */
  long[] values(Sample sample, Impression impression) {
    return switch (side) {
      case USER -> sample.userKeys()[position];
      case BEHAVIOR -> sample.behaviors().idKeys()[position];
      case ITEM -> impression.itemKeys()[position];
      case CONTEXT -> impression.contextKeys()[position];
    };
  }
}
