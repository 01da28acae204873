package io.dicm.trainer.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.schema.NumberBuckets;
import io.dicm.trainer.schema.NumberBuckets.Bounds;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestFeatureKeys {
  private static final NumberBuckets BUCKETS = new Bounds(List.of(1.0, 10.0));

  @Test
  void keysOfPlainFieldsAreThoseOfTheirValues() throws Exception {
    long[][] keys =
        new FeatureKeys(List.of(field(FeatureKind.ID, 0), field(FeatureKind.IDS, 0)))
            .of(row(" x |y"));

    assertThat(keys[0]).containsExactly(Fingerprints.idKey("f", "x |y"));
    assertThat(keys[1]).containsExactly(Fingerprints.idKey("f", "x"), Fingerprints.idKey("f", "y"));
  }

  @Test
  void aHashSpaceHasSoManyKeysAndNoMore() throws Exception {
    FeatureKeys keys = new FeatureKeys(List.of(field(FeatureKind.IDS, 7)));
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      long[] of = keys.of(row("v" + i))[0];
      assertThat(of).hasSize(1).isEqualTo(keys.of(row("v" + i))[0]);
      seen.add(of[0]);
    }

    assertThat(seen).hasSize(7).doesNotContain(Fingerprints.NONE);
    assertThat(keys.of(row(""))[0]).isEmpty();
  }

  @Test
  void aNumberHasTheKeyOfItsBucket() throws Exception {
    FeatureKeys keys = new FeatureKeys(List.of(number()));

    assertThat(keys.of(row("5"))[0]).containsExactly(Fingerprints.idKey("f", "bucket 1"));
    assertThat(keys.of(row("5"))[0]).isEqualTo(keys.of(row("9.99e0"))[0]);
    assertThat(keys.of(row("10"))[0]).isNotEqualTo(keys.of(row("5"))[0]);
    assertThat(keys.of(row(" "))[0]).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cheap", "NaN", "Infinity", "1e999", "0x10", "5f", "1,5", "--1", "."})
  void whatIsNoFiniteNumberMakesABadRow(String value) {
    assertThatThrownBy(() -> new FeatureKeys(List.of(number())).of(row(value)))
        .isInstanceOf(BadRowException.class)
        .hasMessage("f was '" + value + "', needed a finite decimal number")
        .extracting(e -> ((BadRowException) e).problem())
        .isEqualTo(RowProblem.BAD_NUMBER);
  }

  private static FeatureField field(FeatureKind kind, long hashSpace) {
    return new FeatureField("f", FeatureSide.ITEM, kind, false, false, Optional.empty(), hashSpace);
  }

  private static FeatureField number() {
    return new FeatureField(
        "f", FeatureSide.ITEM, FeatureKind.NUMBER, false, false, Optional.of(BUCKETS), 0);
  }

  private static TableRow row(String value) throws BadRowException {
    return new CsvRow(new TableColumns("t", List.of("f")), List.of(value));
  }
}
