package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.decode.ResizeRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.QualifiedName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestTorchScriptEncoder {
  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;
  private static final int FLOATS = 3 * HEIGHT * WIDTH;

  /** Mean and greatest value of each color: 6 numbers. */
  private static final String MEAN_AND_MOST =
      "torch.cat([torch.mean(x, [2, 3]), torch.amax(x, [2, 3])], 1)";

  @TempDir Path folder;
  private Configuration conf;

  @BeforeEach
  void configure() {
    DicmConfiguration.registerDefaults();
    conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_ENCODER, "torchscript");
    conf.set(DicmKeys.EXTRACT_WEIGHTS, module().toUri().toString());
  }

  @Test
  void aModuleOfAnyArchitectureGivesTheVectors() throws IOException {
    save("return " + MEAN_AND_MOST);
    describe("");

    try (ImageEncoder encoder = open()) {
      assertThat(encoder.dimension()).isEqualTo(6);
      assertThat(encoder.preprocessing().height()).isEqualTo(HEIGHT);
      assertThat(encoder.preprocessing().width()).isEqualTo(WIDTH);
      assertThat(encoder.preprocessing().resize()).isEqualTo(ResizeRule.STRETCH);
      assertExpected(encoder.encode(pictures(2), 2));
    }
  }

  @Test
  void aModuleGetsWholeBatchesOnADevice() throws IOException {
    save("assert x.size(0) == 3\n    return " + MEAN_AND_MOST);
    describe("");

    try (ImageEncoder encoder = open();
        EncodingPipeline pipeline = ((TorchScriptEncoder) encoder).pipelineOnDevice(3)) {
      float[] pixels = new float[FLOATS];
      for (int i = 0; i < 2; i++) {
        pictures(2).get(i * FLOATS, pixels);
        pipeline.put(i, pixels);
      }
      pipeline.submit(2);
      assertExpected(pipeline.take());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return (x, VECTOR)|1",
        "return [x, VECTOR]|1",
        "return {\"logits\": x, \"embedding\": VECTOR}|\"embedding\"",
      })
  void oneOfSeveralOutputsIsChosen(String body, String layer) throws IOException {
    save(body.replace("VECTOR", MEAN_AND_MOST));
    describe(", \"layer\": " + layer);

    try (ImageEncoder encoder = open()) {
      assertThat(encoder.description().layer())
          .isEqualTo("TorchScript output " + layer.replace("\"", ""));
      assertExpected(encoder.encode(pictures(2), 2));
    }
  }

  @Test
  void trailingDimensionsOfAPoolingAreLeftOut() throws IOException {
    save("return (" + MEAN_AND_MOST + ").reshape([x.size(0), 6, 1, 1])");
    describe("");

    try (ImageEncoder encoder = open()) {
      assertExpected(encoder.encode(pictures(2), 2));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "return torch.mean(x, [2, 3])||its output has shape [2, 3], needed [2, 6].",
        "return x||its output has shape [2, 3, 4, 6], needed [2, 6].",
        "return (x, x)||it has several outputs: choose one by the description's field layer.",
        "return (x, x)|2|it has no output 2.",
        "return (x, x)|\"a\"|it has no output a.",
        "return {\"b\": x}|\"a\"|it has no output a.",
        "return (x, 3)|1|its output 1 is no tensor.",
        "return x|0|it has one output, its description asks for 0.",
        "return x.reshape([7, 7])||its forward failed: ",
      })
  void anOutputThatIsNoVectorIsExplained(String body, String layer, String why) throws IOException {
    save(body);
    describe(layer == null ? "" : ", \"layer\": " + layer);

    try (ImageEncoder encoder = open()) {
      assertThatThrownBy(() -> encoder.encode(pictures(2), 2))
          .isInstanceOfSatisfying(
              DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WEIGHTS_INVALID))
          .hasMessageStartingWith("Cannot use the TorchScript module " + module() + ": " + why)
          .message()
          .doesNotContain("\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"dimension\": 6|\"dimensions\": 6|it has the fields [dimensions], allowed are",
        "\"dimension\": 6||it lacks the field dimension.",
        "\"dimension\": 6|\"dimension\": 0|dimension is 0, allowed 1 to 1048576.",
        "\"dimension\": 6|\"dimension\": 6.5|dimension is 6.5, allowed 1 to 1048576.",
        "[4, 6]|[4]|input is [4], allowed are 2 numbers.",
        "[4, 6]|[4, \"6\"]|input is \"6\", allowed 1 to 4096.",
        "[0, 0, 0]|[0, 0]|mean is [0,0], allowed are 3 numbers.",
        "[1, 1, 1]|[1, 1, 0]|Preprocessing's deviation was [1.0, 1.0, 0.0].",
        "stretch|squeeze|resize is 'squeeze', allowed are crop and stretch.",
        "stretch|crop|it lacks the field short-side.",
        "\"stretch\"|\"crop\", \"short-side\": 5|Preprocessing's short side was 5 with CROP to 4 x 6.",
        "\"stretch\"|\"stretch\", \"short-side\": 9|short-side belongs to \"resize\": \"crop\".",
        "\"dimension\": 6|\"dimension\": 6, \"layer\": -1|layer is -1, allowed is an index or a name.",
        "{|{{|it is not JSON.",
      })
  void aWrongDescriptionIsExplained(String field, String other, String why) throws IOException {
    save("return x");
    describe("");
    Path json = Path.of(module() + ".json");
    String text = Files.readString(json);
    String changed = text.replace(field, other == null ? "" : other);
    assertThat(changed).isNotEqualTo(text);
    Files.writeString(json, changed.replace(", }", "}"));

    assertThatThrownBy(() -> new TorchScriptEncoderProvider().describe(conf))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WEIGHTS_INVALID))
        .hasMessageContaining("Cannot use the description of a module in ")
        .hasMessageContaining(why);
  }

  @Test
  void modulesAndDescriptionsThatAreMissingAreNamed() throws IOException {
    assertThatThrownBy(() -> new TorchScriptEncoderProvider().describe(conf))
        .isInstanceOf(DicmException.class)
        .hasMessageEndingWith("/module.pt: there is no such file.");
    save("return x");
    assertThatThrownBy(() -> new TorchScriptEncoderProvider().describe(conf))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("/module.pt.json is missing");
  }

  @Test
  void whatLibtorchCannotLoadIsRefusedInOneSentence() throws IOException {
    save("return x");
    describe("");
    byte[] whole = Files.readAllBytes(module());
    Files.write(module(), Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WEIGHTS_INVALID))
        .hasMessageStartingWith(
            "Cannot use the TorchScript module " + module() + ": libtorch cannot load it: ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void moduleAndDescriptionAreBothPartOfTheId() throws IOException {
    save("return x");
    describe("");
    TorchScriptEncoderProvider provider = new TorchScriptEncoderProvider();
    ExtractorDescription first = provider.describe(conf);
    assertThat(first.extractorId()).matches("torchscript-[0-9a-f]{12}-6");
    assertThat(first.randomWeights()).isFalse();
    assertThat(provider.describe(conf)).isEqualTo(first);

    describe(", \"layer\": 0");
    ExtractorDescription second = provider.describe(conf);
    assertThat(second.extractorId()).isNotEqualTo(first.extractorId());
    assertThat(second.weightsDigest()).isEqualTo(first.weightsDigest());

    save("return x + 1");
    assertThat(provider.describe(conf).extractorId())
        .isNotIn(first.extractorId(), second.extractorId());
  }

  @Test
  void isChosenByItsName() {
    assertThat(EncoderProviders.configured(conf)).isInstanceOf(TorchScriptEncoderProvider.class);
  }

  private ImageEncoder open() throws IOException {
    TorchScriptEncoderProvider provider = new TorchScriptEncoderProvider();
    return provider.open(conf, provider.describe(conf));
  }

  private void save(String body) throws IOException {
    Files.deleteIfExists(module());
    try (PointerScope scope = new PointerScope()) {
      JitModule module = new JitModule(new QualifiedName("__torch__.Tiny"));
      module.define("def forward(self, x):\n    " + body + "\n");
      module.save(module().toString());
    }
  }

  private void describe(String more) throws IOException {
    Files.writeString(
        Path.of(module() + ".json"),
        "{\"input\": [4, 6], \"mean\": [0, 0, 0], \"std\": [1, 1, 1], \"resize\": \"stretch\","
            + " \"dimension\": 6"
            + more
            + "}");
  }

  private Path module() {
    return folder.resolve("module.pt");
  }

  /** Picture p, channel c has the values 100 p + 10 c + 0, 1, 2 ... */
  private static FloatBuffer pictures(int count) {
    FloatBuffer batch =
        ByteBuffer.allocateDirect(Float.BYTES * count * FLOATS)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < batch.capacity(); i++) {
      int pixel = i % (HEIGHT * WIDTH);
      int channel = i / (HEIGHT * WIDTH) % 3;
      int picture = i / FLOATS;
      batch.put(i, 100f * picture + 10f * channel + pixel);
    }
    return batch;
  }

  private static void assertExpected(float[][] vectors) {
    assertThat(vectors).hasDimensions(2, 6);
    float last = HEIGHT * WIDTH - 1;
    for (int picture = 0; picture < 2; picture++) {
      for (int channel = 0; channel < 3; channel++) {
        float first = 100f * picture + 10f * channel;
        assertThat(vectors[picture][channel]).isCloseTo(first + last / 2, within(1e-4f));
        assertThat(vectors[picture][3 + channel]).isEqualTo(first + last);
      }
    }
  }
}
