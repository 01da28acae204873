package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What networks need is what they are refused without. */
class TestNetworkNeeds {
  private static final FeatureSchema ITEMS = schema(field("item_id", FeatureSide.ITEM, false));
  private static final FeatureSchema USERS_AND_ITEMS =
      schema(field("user_id", FeatureSide.USER, false), field("item_id", FeatureSide.ITEM, false));
  private static final FeatureSchema BEHAVIOURS = schema(field("item_id", FeatureSide.ITEM, true));

  @ParameterizedTest
  @EnumSource(IdNetworkKind.class)
  void areMetWhereATrainingIsNotRefused(IdNetworkKind kind) {
    for (FeatureSchema schema : List.of(ITEMS, USERS_AND_ITEMS, BEHAVIOURS)) {
      NetworkChoice choice =
          new NetworkChoice(
              ImageMode.NONE, Aggregation.usual(kind), NetworkOptions.usual(kind), false);
      if (NetworkNeeds.areMet(kind, schema)) {
        assertThatCode(() -> choice.shape(schema, 12)).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> choice.shape(schema, 12)).isInstanceOf(DicmException.class);
      }
    }
    assertThat(NetworkNeeds.areMet(kind, BEHAVIOURS)).isTrue();
  }

  private static FeatureSchema schema(FeatureField... fields) {
    return FeatureSchema.of(List.of(fields), "features.json");
  }

  private static FeatureField field(String name, FeatureSide side, boolean behavior) {
    return new FeatureField(name, side, FeatureKind.ID, behavior, false);
  }
}
