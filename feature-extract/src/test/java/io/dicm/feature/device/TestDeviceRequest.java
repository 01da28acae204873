package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestDeviceRequest {
  private final Configuration conf = new Configuration(false);

  @Test
  void bothKeysAreRead() {
    assertThat(read("cuda", "2"))
        .isEqualTo(new DeviceRequest(DeviceChoice.CUDA, "role.device", 2, "role.gpus"));
  }

  @Test
  void anotherWordNamesTheRightOnes() {
    assertThatThrownBy(() -> read("gpu", "0"))
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot use role.device: was 'gpu', allowed is one of auto, cpu, cuda.");
    assertThat(DeviceChoice.of("gpu")).isEmpty();
    assertThat(DeviceChoice.of("cuda")).contains(DeviceChoice.CUDA);
    assertThat(DeviceChoice.labels()).isEqualTo("auto, cpu, cuda");
  }

  @ParameterizedTest
  @CsvSource({
    "cuda, 0, true,  'YARN is asked for no GPU. Set role.gpus=1, or role.device=auto.'",
    "cuda, 0, false, 'YARN is asked for no GPU. Set role.gpus=1, or role.device=auto.'",
    "cpu,  1, true,  'the GPU would be idle. Set role.gpus=0, or role.device=auto.'",
    "cuda, 1, false, 'this dicm.jar has no libtorch for CUDA. Build it with Maven''s profile gpu (-Pgpu), or set role.device=auto.'"
  })
  void whatCannotBeNamesBothKeysAndValues(String choice, int gpus, boolean cuda, String why) {
    assertThatThrownBy(() -> read(choice, "" + gpus).check(cuda))
        .isInstanceOfSatisfying(
            DicmException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessage("Cannot use role.device=%s with role.gpus=%d: %s", choice, gpus, why);
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 0, false",
    "auto, 1, false",
    "auto, 2, true",
    "cpu, 0, false",
    "cuda, 1, true"
  })
  void whatCanBePasses(String choice, int gpus, boolean cuda) {
    assertThatCode(() -> read(choice, "" + gpus).check(cuda)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"auto, 0, false", "auto, 1, true", "cpu, 1, false", "cuda, 1, true"})
  void onlyContainersWithAGpuMayUseOne(String choice, int gpus, boolean may) {
    assertThat(read(choice, "" + gpus).mayUseGpu()).isEqualTo(may);
  }

  private DeviceRequest read(String choice, String gpus) {
    conf.set("role.device", choice);
    conf.set("role.gpus", gpus);
    return DeviceRequest.of(DicmConfiguration.of(conf), "role.device", "role.gpus");
  }
}
