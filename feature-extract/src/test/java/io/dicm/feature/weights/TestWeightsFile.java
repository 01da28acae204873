package io.dicm.feature.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.tensor.SafeTensors;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestWeightsFile {
  private static final WeightShape WEIGHT = new WeightShape("features.0.weight", List.of(2L, 3L));
  private static final WeightShape BIAS = new WeightShape("features.0.bias", List.of(2L));

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();

  /** The two formats of torch.save. */
  enum Format {
    ZIP {
      @Override
      byte[] bytes(TorchFiles file) {
        return file.zip();
      }
    },
    LEGACY {
      @Override
      byte[] bytes(TorchFiles file) {
        return file.legacy();
      }
    };

    abstract byte[] bytes(TorchFiles file);
  }

  @ParameterizedTest
  @EnumSource
  void aStateDictionaryIsRead(Format format) throws IOException {
    write(format.bytes(small()));

    assertThat(read(WEIGHT)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read(BIAS)).containsExactly(-1, -2);
    check(WEIGHT, BIAS);
  }

  @ParameterizedTest
  @EnumSource
  void whatTheFirstVersionsWroteIsRead(Format format) throws IOException {
    write(format.bytes(small().asOfTheFirstVersions()));

    assertThat(read(WEIGHT)).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(read(BIAS)).containsExactly(-1, -2);
  }

  @ParameterizedTest
  @EnumSource
  void aDictionaryWithinACheckpointIsFound(Format format) throws IOException {
    write(format.bytes(small().within("state_dict")));

    assertThat(read(BIAS)).containsExactly(-1, -2);
  }

  @ParameterizedTest
  @EnumSource
  void theNameOfAParallelModuleIsLeftOut(Format format) throws IOException {
    write(format.bytes(new TorchFiles().floats("module.features.0.bias", new long[] {2}, 7, 8)));

    assertThat(read(BIAS)).containsExactly(7, 8);
  }

  @ParameterizedTest
  @EnumSource
  void halfPrecisionIsConverted(Format format) throws IOException {
    write(
        format.bytes(
            new TorchFiles()
                .storage("a", "HalfStorage", 2, TorchFiles.shorts(0x3C00, 0xC100))
                .tensor("features.0.bias", "a", 0, new long[] {2}, new long[] {1})
                .storage("b", "BFloat16Storage", 2, TorchFiles.shorts(0x4048, 0xBF80))
                .tensor("features.2.bias", "b", 0, new long[] {2}, new long[] {1})));

    assertThat(read(BIAS)).containsExactly(1f, -2.5f);
    assertThat(read(new WeightShape("features.2.bias", List.of(2L)))).containsExactly(3.125f, -1f);
  }

  @ParameterizedTest
  @EnumSource
  void stridesAndOffsetsAreFollowed(Format format) throws IOException {
    float[] storage = new float[100];
    for (int i = 0; i < storage.length; i++) {
      storage[i] = i;
    }
    write(
        format.bytes(
            new TorchFiles()
                .storage("s", "FloatStorage", 100, TorchFiles.floats(storage))
                .tensor("offset", "s", 40, new long[] {2, 3}, new long[] {3, 1})
                .tensor("transposed", "s", 10, new long[] {2, 3}, new long[] {1, 2})
                .tensor("gaps", "s", 5, new long[] {2, 2}, new long[] {50, 20})
                .tensor("repeated", "s", 9, new long[] {2, 2}, new long[] {0, 1})
                .tensor("one", "s", 3, new long[] {1, 2}, new long[] {77, 1})));

    assertThat(read(new WeightShape("offset", List.of(2L, 3L))))
        .containsExactly(40, 41, 42, 43, 44, 45);
    assertThat(read(new WeightShape("transposed", List.of(2L, 3L))))
        .containsExactly(10, 12, 14, 11, 13, 15);
    assertThat(read(new WeightShape("gaps", List.of(2L, 2L)))).containsExactly(5, 25, 55, 75);
    assertThat(read(new WeightShape("repeated", List.of(2L, 2L)))).containsExactly(9, 10, 9, 10);
    assertThat(read(new WeightShape("one", List.of(1L, 2L)))).containsExactly(3, 4);
  }

  /** A state dictionary of a model in channels-last order, which is larger than a piece. */
  @ParameterizedTest
  @EnumSource
  void channelsLastWeightsComeInRowMajorOrder(Format format) throws IOException {
    int outputs = 128;
    int inputs = 64;
    int taps = 9;
    float[] lying = new float[outputs * inputs * taps];
    float[] expected = new float[lying.length];
    Random random = new Random(3);
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        for (int tap = 0; tap < taps; tap++) {
          float value = (float) random.nextGaussian();
          lying[(o * taps + tap) * inputs + i] = value;
          expected[(o * inputs + i) * taps + tap] = value;
        }
      }
    }
    long[] strides = {(long) taps * inputs, 1, 3L * inputs, inputs};
    write(
        format.bytes(
            new TorchFiles()
                .storage("0", "FloatStorage", lying.length, TorchFiles.floats(lying))
                .tensor("w", "0", 0, new long[] {outputs, inputs, 3, 3}, strides)));

    assertThat(read(new WeightShape("w", List.of(128L, 64L, 3L, 3L)))).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void aBigEndianFileIsRefused(Format format) throws IOException {
    write(format.bytes(small().bigEndian()));

    assertInvalid(
        format == Format.ZIP
            ? "its byte order is 'big', allowed is little."
            : "its byte order is not little.",
        WEIGHT);
  }

  @ParameterizedTest
  @EnumSource
  void aWrongShapeIsNamedWithTheRightOne(Format format) throws IOException {
    write(format.bytes(small()));

    assertInvalid(
        "tensor features.0.weight has shape [2, 3], needed [64, 3, 3, 3].",
        new WeightShape("features.0.weight", List.of(64L, 3L, 3L, 3L)));
    assertInvalid(
        "there is no tensor classifier.0.weight of shape [4096, 25088].",
        new WeightShape("classifier.0.weight", List.of(4096L, 25088L)));
  }

  @ParameterizedTest
  @EnumSource
  void aWrongTypeIsNamed(Format format) throws IOException {
    write(
        format.bytes(
            small()
                .storage("d", "DoubleStorage", 2, new byte[16])
                .tensor("features.2.bias", "d", 0, new long[] {2}, new long[] {1})));

    assertInvalid(
        "tensor features.2.bias of shape [2] has type DoubleStorage,"
            + " needed float32, float16 or bfloat16.",
        new WeightShape("features.2.bias", List.of(2L)));
    check(WEIGHT, BIAS);
  }

  @ParameterizedTest
  @EnumSource
  void aTensorLargerThanItsStorageIsRefused(Format format) throws IOException {
    write(
        format.bytes(
            small().tensor("features.0.weight", "0", 1, new long[] {2, 3}, new long[] {3, 1})));

    assertInvalid(
        "tensor features.0.weight of shape [2, 3] and strides [3, 1] ends 4 bytes after its"
            + " storage.",
        WEIGHT);
  }

  @ParameterizedTest
  @EnumSource
  void aShapeBeyondAllMemoryIsRefused(Format format) throws IOException {
    long much = Integer.MAX_VALUE;
    write(
        format.bytes(
            small().tensor("w", "0", 0, new long[] {much, much, much}, new long[] {0, 0, 0})));

    assertInvalid("tensor w has the shape [2147483647, 2147483647, 2147483647]", WEIGHT);
  }

  /** Whatever the length, a cut file is an error of the weights, and none other. */
  @ParameterizedTest
  @EnumSource
  void aFileCutAnywhereIsRefused(Format format) throws IOException {
    byte[] whole = format.bytes(small().floats("classifier.6.bias", new long[] {2}, 1, 1));

    for (int length = 0; length < whole.length; length++) {
      write(Arrays.copyOf(whole, length));
      // The last bytes of the zip format are a comment's length.
      assertThatThrownBy(() -> check(WEIGHT, BIAS))
          .as("%s bytes of %s", length, whole.length)
          .isInstanceOfSatisfying(
              DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WEIGHTS_INVALID))
          .hasMessageStartingWith("Cannot use the weights in " + file() + ": ")
          .hasMessageEndingWith(".");
    }
    write(whole);
    check(WEIGHT, BIAS);
  }

  @Test
  void aCutIsToldByTensorAndBothShapes() throws IOException {
    byte[] whole = small().legacy();

    write(Arrays.copyOf(whole, whole.length - 4));
    assertInvalid(
        "it was cut: of tensor features.0.bias no more than shape [1] is there, needed [2].",
        WEIGHT,
        BIAS);
    write(Arrays.copyOf(whole, whole.length - 16 - 12));
    assertInvalid(
        "it was cut: of tensor features.0.weight no more than shape [1, 3] is there, needed"
            + " [2, 3].",
        WEIGHT,
        BIAS);
  }

  /** Cut or not, changed or not: there is a result or an error of the weights. */
  @ParameterizedTest
  @EnumSource
  void aChangedByteNeverLeadsToAnotherError(Format format) throws IOException {
    byte[] whole = format.bytes(small());
    Random random = new Random(11);
    for (int round = 0; round < 400; round++) {
      byte[] changed = whole.clone();
      int at = random.nextInt(changed.length);
      changed[at] = (byte) random.nextInt(256);
      write(changed);
      try {
        check(WEIGHT, BIAS);
        read(WEIGHT);
      } catch (DicmException e) {
        assertThat(e.code())
            .as("byte %s of round %s", at, round)
            .isEqualTo(ErrorCode.WEIGHTS_INVALID);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "builtins, eval",
    "__builtin__, getattr",
    "torch, load",
    "torch.storage, _load_from_bytes",
    "torch, QInt8Storage",
    "collections, Counter",
    "torch.nn.modules.conv, Conv2d",
    "numpy.core.multiarray, _reconstruct"
  })
  void aNameThatTensorsDoNotNeedIsRefused(String module, String name) throws IOException {
    byte[] pickle =
        new PickleWriter()
            .global(module, name)
            .text("touch /tmp/owned")
            .operation(0x85)
            .operation('R')
            .stop();
    String why =
        "its pickle asks for "
            + module
            + "."
            + name
            + ", only tensors in dictionaries are allowed.";

    write(new TorchFiles().legacy(pickle));
    assertInvalid(why, WEIGHT);
    write(TorchFiles.zip(Map.of("a/data.pkl", pickle)));
    assertInvalid(why, WEIGHT);
  }

  @Test
  void aNameFromTheStackIsRefusedToo() throws IOException {
    write(
        new TorchFiles()
            .legacy(new PickleWriter().text("os").text("system").operation(0x93).stop()));

    assertInvalid("its pickle asks for os.system", WEIGHT);
  }

  @ParameterizedTest
  @ValueSource(ints = {'i', 'o', 'P', 'd', 'l', 0x82, 0x92, 0x8F})
  void operationsThatTensorsDoNotNeedAreRefused(int code) throws IOException {
    write(new TorchFiles().legacy(new PickleWriter().mark().operation(code).stop()));

    assertInvalid(String.format("its pickle has the operation 0x%02x before byte ", code), WEIGHT);
  }

  @Test
  void aPickleOfSomethingElseIsExplained() throws IOException {
    write(new TorchFiles().legacy(new PickleWriter().number(5).stop()));
    assertInvalid("it holds no dictionary of tensors: save the model's state_dict().", WEIGHT);

    write(new TorchFiles().legacy(new PickleWriter().operation('R').stop()));
    assertInvalid("its pickle takes more than there is.", WEIGHT);

    write(new TorchFiles().legacy(new PickleWriter().operation('h').raw(9).stop()));
    assertInvalid("its pickle refers to what it does not have.", WEIGHT);

    write(new TorchFiles().legacy(new PickleWriter().operation('X').raw(0, 0, 0, 127).stop()));
    assertInvalid("its pickle has a text of 2130706432 bytes.", WEIGHT);
  }

  @Test
  void aTorchScriptModuleIsToldFromAStateDictionary() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("m/data.pkl", new byte[] {'.'});
    entries.put("m/constants.pkl", new byte[] {'.'});
    write(TorchFiles.zip(entries));

    assertInvalid(
        "it is a TorchScript module, which dicm.extract.encoder=torchscript takes.", WEIGHT);
  }

  @Test
  void aCompressedArchiveIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("m/data.pkl"));
      zip.write(small().pickle());
    }
    write(bytes.toByteArray());

    assertInvalid("the entry m/data.pkl of its zip archive is compressed", WEIGHT);
  }

  @Test
  void theContentTellsTheFormat() throws IOException {
    new SafeTensors(conf)
        .write(
            file(),
            Map.of("module.features.0.bias", new FloatTensor(new long[] {2}, new float[] {5, 6})));
    assertThat(read(BIAS)).containsExactly(5, 6);
    Files.delete(folder.resolve(".vgg16.weights.crc"));

    write("#!/usr/bin/env python3 and so on".getBytes(StandardCharsets.US_ASCII));
    assertInvalid("it is neither a safetensors file nor one of torch.save.", WEIGHT);
    write(new byte[0]);
    assertInvalid("it is neither a safetensors file nor one of torch.save.", WEIGHT);
  }

  @Test
  void aCutSafeTensorsFileIsRefused() throws IOException {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    tensors.put(WEIGHT.name(), new FloatTensor(new long[] {2, 3}, new float[6]));
    tensors.put("classifier.6.bias", new FloatTensor(new long[] {2}, new float[2]));
    new SafeTensors(conf).write(file(), tensors);
    Files.delete(folder.resolve(".vgg16.weights.crc"));
    byte[] whole = Files.readAllBytes(local());

    write(Arrays.copyOf(whole, whole.length - 1));
    assertInvalid("it was cut: tensor classifier.6.bias of shape [2] is not whole.", WEIGHT);
    write(Arrays.copyOf(whole, whole.length - 8 - 9));
    assertInvalid(
        "it was cut: of tensor features.0.weight no more than shape [1, 3] is there, needed"
            + " [2, 3].",
        WEIGHT);
  }

  @Test
  void valuesThatCanBeUsedAsTheyLieAreMapped() throws IOException {
    Map<String, FloatTensor> tensors =
        Map.of(WEIGHT.name(), new FloatTensor(new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
    new SafeTensors(conf).write(file(), tensors);
    FloatBuffer mapped;
    try (WeightsFile weights = WeightsFile.open(conf, file())) {
      mapped = weights.map(WEIGHT).orElseThrow();
    }

    assertThat(mapped.isDirect()).isTrue();
    float[] values = new float[6];
    mapped.get(values);
    assertThat(values).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @ParameterizedTest
  @EnumSource
  void valuesToConvertAreNotMapped(Format format) throws IOException {
    write(
        format.bytes(
            new TorchFiles()
                .storage("a", "HalfStorage", 2, TorchFiles.shorts(0x3C00, 0xC100))
                .tensor("features.0.bias", "a", 0, new long[] {2}, new long[] {1})
                .storage("t", "FloatStorage", 6, new byte[24])
                .tensor("features.0.weight", "t", 0, new long[] {2, 3}, new long[] {1, 2})));

    try (WeightsFile weights = WeightsFile.open(conf, file())) {
      assertThat(weights.map(BIAS)).isEmpty();
      assertThat(weights.map(WEIGHT)).isEmpty();
    }
  }

  private static TorchFiles small() {
    return new TorchFiles()
        .floats("features.0.weight", new long[] {2, 3}, 1, 2, 3, 4, 5, 6)
        .floats("features.0.bias", new long[] {2}, -1, -2);
  }

  private float[] read(WeightShape weight) throws IOException {
    List<float[]> pieces = new ArrayList<>();
    try (WeightsFile weights = WeightsFile.open(conf, file())) {
      weights.read(weight, (values, count) -> pieces.add(Arrays.copyOf(values, count)));
    }
    float[] all = new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
    int at = 0;
    for (float[] piece : pieces) {
      System.arraycopy(piece, 0, all, at, piece.length);
      at += piece.length;
    }
    return all;
  }

  private void check(WeightShape... shapes) throws IOException {
    try (WeightsFile weights = WeightsFile.open(conf, file())) {
      weights.check(List.of(shapes));
    }
  }

  private void assertInvalid(String why, WeightShape... shapes) {
    assertThatThrownBy(() -> check(shapes))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WEIGHTS_INVALID))
        .hasMessageStartingWith("Cannot use the weights in " + file() + ": " + why);
  }

  private void write(byte[] bytes) throws IOException {
    Files.write(local(), bytes);
  }

  private java.nio.file.Path local() {
    return folder.resolve("vgg16.weights");
  }

  private Path file() {
    return new Path(local().toUri());
  }
}
