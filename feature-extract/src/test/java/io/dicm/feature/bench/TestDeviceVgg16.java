package io.dicm.feature.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.bench.DeviceVgg16.Rate;
import io.dicm.feature.device.ComputeDevice;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TestDeviceVgg16 {
  @Test
  void theProcessorsPrecisionsAreMeasuredAndHeldAgainstFloat32() throws IOException {
    DicmConfiguration.registerDefaults();
    List<Rate> rates =
        new DeviceVgg16(
                new ConfiguredVgg16Encoders(new Configuration(), ComputeDevice.PROCESSOR, 2),
                ComputeDevice.PROCESSOR,
                1,
                1)
            .measure(ProgressListener.NONE);

    assertThat(rates).extracting(Rate::precision).containsExactly("float32", "bfloat16");
    assertThat(rates).allSatisfy(rate -> assertThat(rate.picturesPerSecond()).isPositive());
    assertThat(rates).allSatisfy(rate -> assertThat(rate.devicePicturesPerSecond()).isEmpty());
    assertThat(rates.get(0).leastCosine()).isCloseTo(1, within(1e-12));
    // Rounded to 8 significant bits: not the same, and near.
    assertThat(rates.get(1).leastCosine()).isBetween(0.999, 0.9999999);
  }

  @Test
  void halfPrecisionIsForGpusAlone() {
    assertThat(DeviceVgg16.precisions(ComputeDevice.PROCESSOR)).doesNotContain("float16");
    assertThat(DeviceVgg16.precisions(ComputeDevice.cuda(0))).contains("float16");
  }
}
