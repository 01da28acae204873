package io.dicm.common.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.util.StringUtils;
import org.junit.jupiter.api.Test;

class TestTaskFailure {
  @Test
  void bringsBackTheTasksOwnError() {
    DicmException thrown =
        new DicmException(ErrorCode.STORE_CORRUPT, "Cannot read x: it is short.");

    DicmException back =
        TaskFailure.of("attempt_1", "Error: " + StringUtils.stringifyException(thrown));

    assertThat(back.code()).isEqualTo(ErrorCode.STORE_CORRUPT);
    assertThat(back).hasMessage("Cannot read x: it is short. (attempt_1)");
  }

  @Test
  void bringsBackAnErrorWrappedInAnother() {
    DicmException thrown = new DicmException(ErrorCode.WEIGHTS_INVALID, "Cannot use y.");

    DicmException back =
        TaskFailure.of(
            "attempt_1", StringUtils.stringifyException(new IllegalStateException(thrown)));

    assertThat(back.code()).isEqualTo(ErrorCode.WEIGHTS_INVALID);
    assertThat(back).hasMessage("Cannot use y. (attempt_1)");
  }

  /** Of the last of a task's attempts: what the node lacks, and which node it is. */
  @Test
  void aTaskWithoutItsGpuEndsTheJobWithItsSentence() {
    String sentence =
        "Cannot compute on a GPU of node7 (dicm.extract.device=cuda) without cuDNN 9 (needed libcudnn.so.9, found none), NCCL 2 (needed libnccl.so.2, found none).";
    DicmException thrown = new DicmException(ErrorCode.GPU_UNAVAILABLE, sentence);

    DicmException back =
        TaskFailure.of("attempt_1", "Error: " + StringUtils.stringifyException(thrown));

    assertThat(back.code()).isEqualTo(ErrorCode.GPU_UNAVAILABLE);
    assertThat(back).hasMessage(sentence + " (attempt_1)");
  }

  @Test
  void otherwiseGivesTheFirstLine() {
    DicmException back =
        TaskFailure.of("attempt_1", "Container killed on request. Exit code is 143\nmore\n");

    assertThat(back.code()).isEqualTo(ErrorCode.STAGE_FAILED);
    assertThat(back).hasMessage("attempt_1 failed: Container killed on request. Exit code is 143");
  }

  @Test
  void doesNotTakeAnUnknownCodeForOneOfOurs() {
    DicmException back = TaskFailure.of("attempt_1", "x.DicmException: NO_SUCH_CODE: what");

    assertThat(back.code()).isEqualTo(ErrorCode.STAGE_FAILED);
  }
}
