package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestSliceParts {
  private final SliceParts parts = new SliceParts(List.of("shoes", "", "other", "(none)"));

  @Test
  void anImpressionHasOnePartOfEachSlice() {
    assertThat(names("shoes", new SliceKeys(0, 0, 0, true)))
        .containsExactly(
            "all=all",
            "item_age=0-1",
            "train_exposures=0",
            "category=shoes",
            "user_activity=0",
            "image=present");
    assertThat(names("hats", new SliceKeys(6, 8, 5, false)))
        .containsExactly(
            "all=all",
            "item_age=8-30",
            "train_exposures=6-20",
            "category=other",
            "user_activity=1-5",
            "image=missing");
    assertThat(names("", new SliceKeys(21, 31, 21, false)))
        .containsExactly(
            "all=all",
            "item_age=more",
            "train_exposures=more",
            "category=(none)",
            "user_activity=more",
            "image=missing");
  }

  @Test
  void aCategoryThatHasTheNameOfAPartIsAmongTheRest() {
    SliceKeys keys = new SliceKeys(0, 0, 0, true);
    assertThat(parts.of("other", keys)).isEqualTo(parts.of("unknown", keys));
    assertThat(parts.of("(none)", keys))
        .isEqualTo(parts.of("unknown", keys))
        .isNotEqualTo(parts.of("", keys));
  }

  @Test
  void partsHaveNamesOfTheirOwn() {
    assertThat(IntStream.range(0, parts.count()).mapToObj(parts::part)).doesNotHaveDuplicates();
  }

  private List<String> names(String category, SliceKeys keys) {
    return IntStream.of(parts.of(category, keys))
        .mapToObj(parts::part)
        .map(part -> part.slice().label() + "=" + part.value())
        .toList();
  }
}
