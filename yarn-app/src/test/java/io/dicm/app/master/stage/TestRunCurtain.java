package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestRunCurtain {
  private int hidden;

  @Test
  void runIsHiddenOnceBeforeItsFirstOutputIsReplaced() {
    RunCurtain curtain = new RunCurtain(Optional.of(() -> ++hidden > 0));

    curtain.before(StageName.EXTRACT);
    curtain.before(StageName.SAMPLES);
    curtain.before(StageName.TRAIN);
    assertThat(hidden).as("a model is no table").isZero();

    curtain.before(StageName.PREDICT);
    assertThat(hidden).isOne();
    curtain.before(StageName.EVALUATE);
    curtain.before(StageName.PUBLISH);
    assertThat(hidden).isOne();
  }

  @Test
  void publishingAloneHidesToo() {
    new RunCurtain(Optional.of(() -> ++hidden > 0)).before(StageName.PUBLISH);

    assertThat(hidden).isOne();
  }

  /** A training of hours is not given up for a run that perhaps nobody registered. */
  @Test
  void stageRunsWhereHiveDoesNotAnswer() {
    RunCurtain curtain =
        new RunCurtain(
            Optional.of(
                () -> {
                  hidden++;
                  throw new DicmException(ErrorCode.HIVE_FAILED, "no answer");
                }));

    curtain.before(StageName.PREDICT);

    assertThat(hidden).isOne();
  }
}
