package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.decode.ResizeRule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TestVgg16Variant {
  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void defaultsAreFc6WithReluInFloat32OnACrop() {
    assertThat(Vgg16Variant.of(DicmConfiguration.of(new Configuration())))
        .isEqualTo(Vgg16Variant.plain());
    assertThat(Vgg16Variant.plain().preprocessing())
        .isEqualTo(Preprocessing.imageNet(ResizeRule.CROP));
    assertThat(Vgg16Variant.plain().preprocessing().description())
        .startsWith("224x224 the middle of short side 256, bilinear antialiased; RGB in [0,1];");
  }

  @Test
  void settingsAreRead() {
    Configuration conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_LAYER, "fc6");
    conf.set(DicmKeys.EXTRACT_PRECISION, "bfloat16");
    conf.set(DicmKeys.EXTRACT_RESIZE, "stretch");

    ExtractorDescription description =
        Vgg16Variant.of(DicmConfiguration.of(conf)).description("abc", "abcdef");

    assertThat(description.extractorId()).isEqualTo("vgg16-fc6-abc-224-bfloat16");
    assertThat(description.layer()).isEqualTo("VGG16 fc6 in bfloat16");
    assertThat(description.weightsDigest()).isEqualTo("abcdef");
    assertThat(description.preprocessing()).contains("aspect not kept");
  }

  @Test
  void aWrongLayerNamesTheRightOnes() {
    Configuration conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_LAYER, "fc7");

    assertThatThrownBy(() -> Vgg16Variant.of(DicmConfiguration.of(conf)))
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot use dicm.extract.layer: was 'fc7', allowed is one of fc6, fc6-relu.");
  }

  @Test
  void everyVariantHasAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    int variants = 0;
    for (Vgg16Layer layer : Vgg16Layer.values()) {
      for (Precision precision : Precision.values()) {
        for (ResizeRule resize : ResizeRule.values()) {
          ExtractorDescription exact =
              new Vgg16Variant(layer, precision, resize).description("w", "w");
          ids.add(exact.extractorId());
          ids.add(exact.inHalfPrecision().extractorId());
          variants += 2;
        }
      }
    }
    assertThat(ids).hasSize(variants);
  }

  @Test
  void theProcessorsDescriptionTellsOfBFloat16() {
    assertThat(BFloat16Support.in(List.of("model name : x", "flags\t\t: fpu avx512_bf16 sse")))
        .isTrue();
    assertThat(BFloat16Support.in(List.of("flags : amx_tile amx_bf16"))).isTrue();
    assertThat(BFloat16Support.in(List.of("flags : avx2 avx512f", "bugs : avx512_bf16"))).isFalse();
  }
}
