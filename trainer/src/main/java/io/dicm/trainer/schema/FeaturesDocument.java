package io.dicm.trainer.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;

/** The shape of {@code features.json} when it is written. */
record FeaturesDocument(List<Feature> features) {

  /** One entry; flags that are off are left out. */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  record Feature(String name, String side, String kind, boolean behavior, boolean query) {
    static Feature of(FeatureField field) {
      return new Feature(
          field.name(),
          field.side().name().toLowerCase(Locale.ROOT),
          field.kind().name().toLowerCase(Locale.ROOT),
          field.behavior(),
          field.query());
    }
  }
}
