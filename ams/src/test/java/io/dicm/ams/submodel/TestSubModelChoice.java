package io.dicm.ams.submodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestSubModelChoice {
  private final Configuration conf = new Configuration(false);

  TestSubModelChoice() {
    conf.addResource("dicm-default.xml");
  }

  private SubModelChoice choice() {
    return SubModelChoice.of(DicmConfiguration.of(conf));
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
              assertThat(e.getMessage()).contains(words);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "1, none, 1",
    "24, none, 24",
    "25, 64-12, 12",
    "128, 64-12, 12",
    "129, 256-64-12, 12",
    "4096, 256-64-12, 12"
  })
  void autoGoesByTheLengthOfTheVectors(int dimension, String shape, int codeDimension) {
    SubModelDecision decision = choice().decide(dimension);
    assertThat(decision.shape()).hasToString(shape);
    assertThat(decision.codeDimension()).isEqualTo(codeDimension);
  }

  @Test
  void theReasonHasTheNumbers() {
    assertThat(choice().decide(4096).reason())
        .isEqualTo(
            "Image vectors have 4096 values (dicm.model.sub-model=auto, more than 128): compressed"
                + " by 256-64-12 on the servers; a step moves 96 bytes an image, a code of 12"
                + " values and its gradient, instead of 16384.");
    assertThat(choice().decide(64).reason())
        .contains("64 values", "more than 24 and at most 128", "by 64-12", "96 bytes", "of 256.");
    assertThat(choice().decide(16).reason())
        .isEqualTo(
            "Image vectors have 16 values (dicm.model.sub-model=auto, at most 24): served as they"
                + " are, by plain parameter servers; a step moves 64 bytes an image one way, codes"
                + " of 64-12 and their gradients would take 96 and a sub-model to keep equal.");
    conf.set(DicmKeys.MODEL_SUB_MODEL, "32-8");
    assertThat(choice().decide(16).reason())
        .contains("(dicm.model.sub-model=32-8)", "compressed by 32-8", "64 bytes", "of 64.");
  }

  @ParameterizedTest
  @CsvSource({"dicm.train.missing-image, learned", "dicm.model.share-sub-model, true"})
  void whatNeedsASubModelHasOne(String key, String value) {
    conf.set(key, value);
    SubModelDecision decision = choice().decide(16);
    assertThat(decision.shape()).isEqualTo(SubModelShape.SHORT);
    assertThat(decision.reason()).contains("at most 24, but " + key + "=" + value + " needs");
    conf.set(DicmKeys.MODEL_SUB_MODEL, "none");
    assertRefused(this::choice, "dicm.model.sub-model=none", key + "=" + value);
  }

  @ParameterizedTest
  @CsvSource({"12, 1", "64-12, 2", "256-64-12, 3", "1024-1-1024-7, 4"})
  void widthsAreTaken(String text, int layers) {
    conf.set(DicmKeys.MODEL_SUB_MODEL, text);
    SubModelShape shape = choice().decide(4096).shape();
    assertThat(shape.layers()).hasSize(layers);
    assertThat(shape).hasToString(text);
    assertThat(choice().decide(8).shape()).isEqualTo(shape);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "1025", "64-0", "64-", "-12", "1-2-3-4-5", "64,12", "off", "64 - 12"})
  void otherTextsAreRefused(String text) {
    conf.set(DicmKeys.MODEL_SUB_MODEL, text);
    assertRefused(
        this::choice, "dicm.model.sub-model", "'" + text + "'", "auto, none", "1 to 1024");
  }

  @Test
  void longVectorsNeedASubModel() {
    conf.set(DicmKeys.MODEL_SUB_MODEL, "none");
    assertThat(choice().decide(128).codeDimension()).isEqualTo(128);
    assertRefused(
        () -> choice().decide(129),
        "dicm.model.sub-model=none",
        "129 values",
        "at most 128",
        "Choose auto");
  }

  @Test
  void eachServerNeedsAPart() {
    conf.set(DicmKeys.MODEL_SUB_MODEL, "1");
    SubModelDecision decision = choice().decide(2);
    decision.requirePartsFor(3);
    assertRefused(
        () -> decision.requirePartsFor(4),
        "dicm.model.sub-model=1",
        "dicm.train.servers=4",
        "3 parameters");
    SubModelChoice.of(SubModelShape.NONE).decide(2).requirePartsFor(1000);
  }

  @Test
  void shapesCheckThemselves() {
    assertThatThrownBy(() -> SubModelShape.of(1, 2, 3, 4, 5))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SubModelShape.of(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(SubModelShape.parse("none")).contains(SubModelShape.NONE);
    assertThat(SubModelShape.NONE.codeDimension(40)).isEqualTo(40);
  }
}
