package io.dicm.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestDicmConfiguration {
  private static final String KEY = "dicm.test.key";

  enum Place {
    NONE,
    BOTH_SIDES
  }

  @Test
  void valuesAreTyped() {
    assertThat(with(" 7 ").integer(KEY, 1, 7)).isEqualTo(7);
    assertThat(with("-5").longInteger(KEY)).isEqualTo(-5);
    assertThat(with("20971520000").nonNegativeLong(KEY)).isEqualTo(20_971_520_000L);
    assertThat(with("0.25").number(KEY, 0, 1)).isEqualTo(0.25);
    assertThat(with("TRUE").flag(KEY)).isTrue();
    assertThat(with("false").flag(KEY)).isFalse();
    assertThat(with("both-sides").choice(KEY, Place.class)).isEqualTo(Place.BOTH_SIDES);
    assertThat(with("hdfs://a/b").path(KEY)).isEqualTo(new Path("hdfs://a/b"));
    assertThat(with(" a b ").text(KEY)).isEqualTo("a b");
  }

  @Test
  void unsetTextIsEmpty() {
    assertThat(DicmConfiguration.of(new Configuration(false)).text(KEY)).isEmpty();
  }

  @Test
  void unsetKeyIsNamed() {
    assertInvalid(() -> with("  ").required(KEY), "Cannot go on: dicm.test.key is not set.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "9", "x", "1.5", "99999999999"})
  void integerOutOfItsRange(String value) {
    assertInvalid(() -> with(value).integer(KEY, 1, 8), was(value, "a whole number from 1 to 8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "x", "1e3"})
  void negativeLong(String value) {
    assertInvalid(() -> with(value).nonNegativeLong(KEY), was(value, "a whole number, 0 or more"));
  }

  @Test
  void longThatIsNone() {
    assertInvalid(() -> with("seed").longInteger(KEY), was("seed", "a whole number"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.01", "-0.1", "NaN", "Infinity", "ten"})
  void numberOutOfItsRange(String value) {
    assertInvalid(() -> with(value).number(KEY, 0, 1), was(value, "a number from 0.0 to 1.0"));
  }

  @Test
  void flagThatIsNone() {
    assertInvalid(() -> with("yes").flag(KEY), was("yes", "true or false"));
  }

  @Test
  void unknownChoice() {
    assertInvalid(
        () -> with("left").choice(KEY, Place.class), was("left", "one of none, both-sides"));
  }

  @Test
  void defaultsAreRegisteredAndOverridden() {
    DicmConfiguration.registerDefaults();
    Configuration conf = new Configuration();

    assertThat(DicmConfiguration.of(conf).integer(DicmKeys.TRAIN_SERVERS, 1, 64)).isEqualTo(2);
    conf.set(DicmKeys.TRAIN_SERVERS, "3");
    assertThat(DicmConfiguration.of(conf).integer(DicmKeys.TRAIN_SERVERS, 1, 64)).isEqualTo(3);
  }

  private static String was(String value, String allowed) {
    return "Cannot use dicm.test.key: was '" + value + "', allowed is " + allowed + ".";
  }

  private static void assertInvalid(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(DicmException.class)
        .hasMessage(message)
        .matches(e -> ((DicmException) e).code() == ErrorCode.CONFIGURATION_INVALID);
  }

  private static DicmConfiguration with(String value) {
    Configuration conf = new Configuration(false);
    conf.set(KEY, value);
    return DicmConfiguration.of(conf);
  }
}
