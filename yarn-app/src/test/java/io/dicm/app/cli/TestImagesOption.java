package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.trainer.model.ImageMode;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.ParseException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestImagesOption {
  private final Configuration conf = new Configuration(false);

  @ParameterizedTest
  @CsvSource({"none, NONE", "ad, AD", "behavior, BEHAVIOR", "both, JOINT", "joint, JOINT"})
  void everyWordIsAnImageMode(String word, ImageMode images) throws Exception {
    conf.set("dicm.train.images", "ad");
    apply("--images", word);
    assertThat(DicmConfiguration.of(conf).choice("dicm.train.images", ImageMode.class))
        .isEqualTo(images);
  }

  @Test
  void withoutItTheKeyStays() throws Exception {
    conf.set("dicm.train.images", "ad");
    apply();
    assertThat(conf.get("dicm.train.images")).isEqualTo("ad");
  }

  @Test
  void anotherWordIsUsage() {
    assertThatThrownBy(() -> apply("--images", "all"))
        .isInstanceOf(UsageException.class)
        .hasMessage("--images was 'all', allowed is one of none, ad, behavior, both");
  }

  @Test
  void onlyTrainingHasIt() {
    assertThat(new StageCommand(StageName.TRAIN).options().hasOption("images")).isTrue();
    assertThat(new StageCommand(StageName.PREDICT).options().hasOption("images")).isFalse();
  }

  private void apply(String... arguments) throws ParseException, UsageException {
    ImagesOption.apply(
        new DefaultParser().parse(new StageCommand(StageName.TRAIN).options(), arguments), conf);
  }
}
