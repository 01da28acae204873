package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import io.dicm.feature.weights.WeightShape;
import io.dicm.feature.weights.WeightsFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestVgg16Weights {
  @TempDir java.nio.file.Path folder;
  private Configuration conf;
  private Path file;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() {
    file = new Path(folder.resolve("vgg16.safetensors").toUri());
    conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_WEIGHTS, file.toString());
  }

  @Test
  void namesAreTorchvisions() {
    List<String> names =
        Vgg16Architecture.weights().stream()
            .filter(weight -> !weight.isBias())
            .map(WeightShape::name)
            .toList();

    assertThat(names)
        .containsExactly(
            "features.0.weight",
            "features.2.weight",
            "features.5.weight",
            "features.7.weight",
            "features.10.weight",
            "features.12.weight",
            "features.14.weight",
            "features.17.weight",
            "features.19.weight",
            "features.21.weight",
            "features.24.weight",
            "features.26.weight",
            "features.28.weight",
            "classifier.0.weight");
    // VGG16 has 138,357,544 parameters; FC7 and FC8, which are not used, have 20,878,312.
    assertThat(Vgg16Architecture.weights().stream().mapToLong(WeightShape::count).sum())
        .isEqualTo(138_357_544L - 20_878_312L);
  }

  @Test
  void aMissingFileIsNamed() {
    assertInvalid("Cannot use the weights in " + file + ": there is no such file.");
  }

  @Test
  void aMissingTensorIsNamed() throws IOException {
    write(Map.of("features.0.weight", tensor(64, 3, 3, 3)));

    assertInvalid("there is no tensor features.0.bias of shape [64]");
  }

  @Test
  void aWrongShapeIsNamedWithTheRightOne() throws IOException {
    write(Map.of("features.0.weight", tensor(64, 3, 5, 5)));

    assertInvalid("tensor features.0.weight has shape [64, 3, 5, 5], needed [64, 3, 3, 3]");
  }

  @Test
  void valuesAreReadInPiecesAndInOrder() throws IOException {
    FloatTensor large = tensor(200_000);
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    tensors.put("first", tensor(3));
    tensors.put("large", large);
    write(tensors);
    float[] read = new float[200_000];
    int[] next = {0};

    try (WeightsFile weights = WeightsFile.open(conf, file)) {
      weights.read(
          new WeightShape("large", List.of(200_000L)),
          (chunk, count) -> {
            System.arraycopy(chunk, 0, read, next[0], count);
            next[0] += count;
          });
    }

    assertThat(read).isEqualTo(large.values());
  }

  private void write(Map<String, FloatTensor> tensors) throws IOException {
    new SafeTensors(conf).write(file, tensors);
  }

  private void assertInvalid(String message) {
    assertThatThrownBy(() -> new Vgg16EncoderProvider().describe(conf))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WEIGHTS_INVALID))
        .hasMessageContaining(message);
  }

  private static FloatTensor tensor(long... shape) {
    int count = 1;
    for (long dimension : shape) {
      count *= (int) dimension;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return new FloatTensor(shape, values);
  }
}
