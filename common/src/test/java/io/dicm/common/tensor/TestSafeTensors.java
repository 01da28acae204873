package io.dicm.common.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.tensor.SafeTensors.FloatTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSafeTensors {
  private final SafeTensors safeTensors = new SafeTensors(new Configuration());

  @TempDir java.nio.file.Path folder;

  @Test
  void tensorsComeBackBitForBit() throws IOException {
    Random random = new Random(5);
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    tensors.put("dense.weight", tensor(random, 300, 1000));
    tensors.put("dense.bias", tensor(random, 300));
    tensors.put("scalar", new FloatTensor(new long[0], new float[] {Float.MIN_VALUE}));
    tensors.put("empty", new FloatTensor(new long[] {0, 7}, new float[0]));

    safeTensors.write(file(), tensors);
    Map<String, FloatTensor> read = safeTensors.read(file());

    assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
    tensors.forEach(
        (name, tensor) -> {
          assertThat(read.get(name).shape()).isEqualTo(tensor.shape());
          assertThat(read.get(name).values()).isEqualTo(tensor.values());
        });
  }

  @Test
  void tensorsAreAlignedAndLittleEndian() throws IOException {
    safeTensors.write(file(), Map.of("x", new FloatTensor(new long[] {2}, new float[] {1f, -2f})));

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(local())).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = (int) bytes.getLong();
    String header = new String(bytes.array(), 8, headerBytes, StandardCharsets.UTF_8);
    assertThat(headerBytes % 8).isZero();
    assertThat(header.trim())
        .isEqualTo("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
    assertThat(bytes.getFloat(8 + headerBytes)).isEqualTo(1f);
    assertThat(bytes.getFloat(12 + headerBytes)).isEqualTo(-2f);
  }

  @Test
  void metadataIsNoTensor() throws IOException {
    write(
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        4);

    assertThat(safeTensors.read(file())).containsOnlyKeys("x");
  }

  @Test
  void halfPrecisionIsReadAsFloats() throws IOException {
    byte[] json =
        ("{\"x\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                + "\"y\":{\"dtype\":\"BF16\",\"shape\":[1,1],\"data_offsets\":[4,6]}}")
            .getBytes(StandardCharsets.UTF_8);
    replace(
        ByteBuffer.allocate(8 + json.length + 6)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json)
            .putShort((short) 0x3C00) // 1
            .putShort((short) 0xC100) // -2.5
            .putShort((short) 0x4048) // 3.125
            .array());

    Map<String, FloatTensor> read = safeTensors.read(file());

    assertThat(read.get("x").values()).containsExactly(1f, -2.5f);
    assertThat(read.get("y").values()).containsExactly(3.125f);
    assertThat(read.get("y").shape()).containsExactly(1, 1);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"x\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]}} | "
            + "tensor x has type I32, needed F32, F16 or BF16",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | "
            + "tensor x of shape [2] has 4 bytes",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | it ends too early",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[500000000],\"data_offsets\":[0,2000000000]}} | "
            + "it ends too early",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[4,0]}} | "
            + "tensor x has the shape [-1]",
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[9999999999,9999999999],\"data_offsets\":[0,4]}} | "
            + "tensor x has the shape [9999999999, 9999999999]",
        "[1] | its header is not a JSON object",
        "{\"x\": | its header is not JSON",
      })
  void brokenHeadersAreExplained(String header, String why) throws IOException {
    write(header, 4);

    assertInvalid(why);
  }

  @Test
  void truncatedFileIsRefused() throws IOException {
    safeTensors.write(file(), Map.of("x", tensor(new Random(1), 100)));
    byte[] bytes = Files.readAllBytes(local());
    replace(Arrays.copyOf(bytes, bytes.length - 1));

    assertInvalid("it ends too early");
  }

  @Test
  void fileOfAnotherFormatIsRefused() throws IOException {
    replace("PK\3\4 this is a zip file".getBytes(StandardCharsets.US_ASCII));
    assertInvalid("its header length is 7595448452415441744");
    replace(new byte[] {1, 2, 3});
    assertInvalid("it ends too early");
  }

  @Test
  void missingFileIsNamed() {
    assertThatThrownBy(() -> safeTensors.read(file()))
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot read " + file() + " as safetensors: there is no such file.");
  }

  @Test
  void tensorChecksItsShape() {
    assertThatThrownBy(() -> new FloatTensor(new long[] {2, 3}, new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Tensor of shape [2, 3] has 5 values");
  }

  private void assertInvalid(String why) {
    assertThatThrownBy(() -> safeTensors.read(file()))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot read " + file() + " as safetensors: " + why)
        .hasMessageEndingWith(".")
        .matches(e -> ((DicmException) e).code() == ErrorCode.WEIGHTS_INVALID);
  }

  private void write(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    replace(bytes.array());
  }

  /** Writes past Hadoop, whose checksum of an earlier file would not fit any more. */
  private void replace(byte[] bytes) throws IOException {
    Files.deleteIfExists(folder.resolve(".tensors.safetensors.crc"));
    Files.write(local(), bytes);
  }

  private static FloatTensor tensor(Random random, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new FloatTensor(shape, values);
  }

  private java.nio.file.Path local() {
    return folder.resolve("tensors.safetensors");
  }

  private Path file() {
    return new Path(local().toUri());
  }
}
