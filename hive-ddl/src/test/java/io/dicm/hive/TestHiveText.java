package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestHiveText {
  @Test
  void identifiersAreQuoted() {
    assertThat(HiveText.identifier("dicm_2")).isEqualTo("`dicm_2`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a`b", "1a", "_a", "a.b", "ä", "a;"})
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> HiveText.identifier(name))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot use '"
                + name
                + "' as a name in Hive: allowed are letters, digits and '_', a letter first, at"
                + " most 128.")
        .matches(e -> ((DicmException) e).code() == ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void literalsAreQuotedAndEscaped() {
    assertThat(HiveText.literal("a b; ü")).isEqualTo("'a b; ü'");
    assertThat(HiveText.literal("it's \\")).isEqualTo("'it\\'s \\\\'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "a\0", "${hiveconf:x}"})
  void whatHiveWouldChangeIsRefused(String value) {
    assertThatThrownBy(() -> HiveText.literal(value))
        .isInstanceOf(DicmException.class)
        .hasMessageEndingWith("as a value in Hive: control characters and '${' are not allowed.")
        .hasMessageNotContaining("\n");
  }
}
