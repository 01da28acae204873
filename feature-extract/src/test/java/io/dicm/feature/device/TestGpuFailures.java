package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What libtorch says of a GPU, as it says it. */
class TestGpuFailures {
  @Test
  void memoryThatIsUsedUpIsOneSentenceAndAdvice() {
    RuntimeException failure =
        new RuntimeException(
            "CUDA out of memory. Tried to allocate 2.44 GiB. GPU 0 has a total capacity of 15.77 GiB of which 1.02 GiB is free. Process 7 has 14.75 GiB memory in use. Of the allocated memory 14.20 GiB is allocated by PyTorch, and 50.00 MiB is reserved by PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_ALLOC_CONF=expandable_segments:True\nException raised from malloc at CUDACachingAllocator.cpp:1 (most recent call first):\nframe #0: c10::Error");

    assertThat(GpuFailures.named("run step 3", failure))
        .hasValueSatisfying(
            found -> {
              assertThat(found.code()).isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
              assertThat(found)
                  .hasMessage(
                      "Cannot run step 3: CUDA out of memory. Tried to allocate 2.44 GiB. GPU 0 has a total capacity of 15.77 GiB of which 1.02 GiB is free. Use smaller batches, or vectors of half precision, or a larger GPU.")
                  .hasCause(failure);
            });
  }

  @Test
  void anotherErrorOfCudaIsItsFirstLine() {
    RuntimeException failure =
        new RuntimeException(
            "CUDA error: an illegal memory access was encountered\nCUDA kernel errors might be asynchronously reported");

    assertThat(GpuFailures.named("run step 3", failure))
        .hasValueSatisfying(
            found -> {
              assertThat(found.code()).isEqualTo(ErrorCode.GPU_FAILED);
              assertThat(found)
                  .hasMessage(
                      "Cannot run step 3: CUDA error: an illegal memory access was encountered. The node's kernel log and nvidia-smi have more.");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "CUDA error: out of memory, MEMORY_PLAN_TOO_LARGE",
    "CUDA out of memory\\nx is free, MEMORY_PLAN_TOO_LARGE",
    "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`, MEMORY_PLAN_TOO_LARGE",
    "cuDNN error: CUDNN_STATUS_ALLOC_FAILED, MEMORY_PLAN_TOO_LARGE",
    "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED, GPU_FAILED",
    "CUDA driver error: unknown error, GPU_FAILED"
  })
  void allWaysToSayItAreKnown(String message, ErrorCode code) {
    RuntimeException failure = new RuntimeException(message.replace("\\n", "\n"));

    assertThat(GpuFailures.named("go on", failure).map(DicmException::code)).hasValue(code);
  }

  @Test
  void otherFailuresAreNot() {
    assertThat(GpuFailures.named("go on", new IllegalStateException("The step is closed")))
        .isEmpty();
    assertThat(GpuFailures.named("go on", new IllegalStateException())).isEmpty();
    assertThat(GpuFailures.named("go on", new IOException("CUDA error: x"))).isEmpty();
  }
}
