package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.device.DeviceRequest;
import io.dicm.feature.device.TorchBuild;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestExtractDevice {
  private final Configuration conf = new Configuration();

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void theProcessorIsTheDefault() {
    assertThat(request(true))
        .isEqualTo(
            new DeviceRequest(
                DeviceChoice.AUTO, DicmKeys.EXTRACT_DEVICE, 0, DicmKeys.EXTRACT_GPUS));
    assertThat(ExtractDevice.open(DicmConfiguration.of(conf)).isProcessor()).isTrue();
    assertThat(ExtractDevice.cudaMemoryMb(DicmConfiguration.of(conf))).isZero();
  }

  @ParameterizedTest
  @CsvSource({"auto, 0, true", "cpu, 1, true", "auto, 1, false"})
  void halfPrecisionIsRefusedOnTheProcessor(String device, int gpus, boolean cudaBuild) {
    conf.set(DicmKeys.EXTRACT_PRECISION, "float16");
    conf.set(DicmKeys.EXTRACT_DEVICE, device);
    conf.setInt(DicmKeys.EXTRACT_GPUS, gpus);

    assertThatThrownBy(() -> request(cudaBuild))
        .isInstanceOfSatisfying(
            DicmException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageStartingWith(
            "Cannot use dicm.extract.precision=float16 with dicm.extract.device="
                + device
                + " and dicm.extract.gpus="
                + gpus
                + ": it is for GPUs, with a dicm.jar built by Maven's profile gpu.");
  }

  /** The processor would make other vectors under the same extractor, and slowly. */
  @Test
  void halfPrecisionDoesNotFallBack() {
    conf.set(DicmKeys.EXTRACT_PRECISION, "float16");
    conf.setInt(DicmKeys.EXTRACT_GPUS, 1);

    assertThat(request(true).choice()).isEqualTo(DeviceChoice.CUDA);
    conf.set(DicmKeys.EXTRACT_PRECISION, "bfloat16");
    assertThat(request(true).choice()).isEqualTo(DeviceChoice.AUTO);
  }

  /** What a map task's diagnostics then have, of each of its attempts. */
  @Test
  void aTaskWithoutTheGpuThatItMustHaveSaysWhatIsMissing() {
    assumeFalse(TorchBuild.hasCuda(), "this build may find all that it needs");
    conf.set(DicmKeys.EXTRACT_DEVICE, "cuda");
    conf.setInt(DicmKeys.EXTRACT_GPUS, 1);

    assertThatThrownBy(() -> ExtractDevice.open(DicmConfiguration.of(conf)))
        .isInstanceOf(DicmException.class)
        .asString()
        .contains(
            "DicmException: GPU_UNAVAILABLE: Cannot compute on a GPU",
            "(dicm.extract.device=cuda) without libtorch for CUDA (needed a dicm.jar built with");
  }

  private DeviceRequest request(boolean cudaBuild) {
    return ExtractDevice.request(DicmConfiguration.of(conf), cudaBuild);
  }
}
