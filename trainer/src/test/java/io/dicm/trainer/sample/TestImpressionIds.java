package io.dicm.trainer.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestImpressionIds {

  /** Few characters, so that IDs often follow each other, and more digits than a number has. */
  @Property(seed = "31", tries = 2000)
  void givesAnyIdsBack(
      @ForAll @Size(max = 12)
          List<
                  @StringLength(max = 22) @CharRange(from = '0', to = '9')
                  @Chars({'a', '-', '\u0663'}) String>
              ids) {
    assertThat(readBack(ids)).isEqualTo(ids);
  }

  @Property(seed = "32", tries = 500)
  void givesNumbersBack(@ForAll @Size(max = 12) List<Long> numbers) {
    List<String> ids = numbers.stream().map(number -> "shown" + number).toList();

    assertThat(readBack(ids)).isEqualTo(ids);
  }

  @ParameterizedTest
  @CsvSource({
    "shown-9, shown-10, 2",
    "shown-10, shown-7, 5",
    "17, 17, 0",
    "1, 999999999999999999, 1999999999999999996",
    "a0012, a0013, 2",
    // Other text, other zeros, no number, more digits than a number holds.
    "shown-9, click-10,",
    "a0012, a013,",
    "a9, a10b,",
    "a-0, a-1,",
    "a0, a0,",
  })
  void tellsHowFarAnIdIsFromTheOneBefore(String before, String id, Long step) {
    ImpressionIds ids = new ImpressionIds();
    assertThat(ids.stepTo(before)).as("the first one").isEmpty();

    assertThat(ids.stepTo(id))
        .isEqualTo(step == null ? OptionalLong.empty() : OptionalLong.of(step));
  }

  @Test
  void tellsTheFirstAfterClearing() {
    ImpressionIds ids = new ImpressionIds();
    ids.stepTo("a1");
    ids.clear();

    assertThat(ids.stepTo("2")).as("an empty text before, without a number").isEmpty();
    assertThat(ids.stepTo("3")).hasValue(2);
  }

  private static List<String> readBack(List<String> ids) {
    ImpressionIds written = new ImpressionIds();
    ImpressionIds read = new ImpressionIds();
    return ids.stream()
        .map(
            id -> {
              OptionalLong step = written.stepTo(id);
              return step.isPresent() ? read.step(step.getAsLong()) : read.told(id);
            })
        .toList();
  }
}
