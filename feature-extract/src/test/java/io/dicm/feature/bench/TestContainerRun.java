package io.dicm.feature.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestContainerRun {
  @TempDir Path folder;
  private Configuration conf;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() {
    conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
  }

  @Test
  void measuresEveryPictureAndCountsTheOthers() throws Exception {
    GeneratedPictures.write(folder, 4);
    Files.writeString(folder.resolve("text.jpg"), "not a picture");

    ExtractRate rate =
        new ContainerRun(conf, new MeasuredExtraction(folder.toString(), 1, 10, 8, 1)).measure();

    assertThat(rate.pictures()).isEqualTo(8);
    assertThat(rate.rejected()).isEqualTo(2);
    assertThat(rate.picturesPerSecond()).isPositive().isFinite();
    assertThat(rate.decodeSeconds()).isPositive();
    assertThat(rate.encodeSeconds() + rate.waitSeconds()).isLessThanOrEqualTo(rate.seconds());
  }

  @Test
  void namesAFolderWithoutPictures() throws Exception {
    assertThatThrownBy(() -> run(folder))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(folder + ": it has no files");
    assertThatThrownBy(() -> run(folder.resolve("none")))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("it is not a folder on this machine");
    Files.writeString(folder.resolve("text.jpg"), "not a picture");
    assertThatThrownBy(() -> run(folder))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("no file in it is a picture");
  }

  @Test
  void plainNetworkComputesWholeBatches() {
    try (PlainVgg16 plain = new PlainVgg16(new MeasuredExtraction("", 1, 3, 2, 1))) {
      ExtractRate rate = plain.measure();

      assertThat(rate.pictures()).isEqualTo(4);
      assertThat(rate.picturesPerSecond()).isPositive().isFinite();
    }
  }

  private void run(Path pictures) throws Exception {
    new ContainerRun(conf, new MeasuredExtraction(pictures.toString(), 1, 1, 1, 1)).measure();
  }
}
