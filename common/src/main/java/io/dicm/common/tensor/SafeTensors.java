package io.dicm.common.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * Reads and writes float32 tensors in the safetensors format: an 8-byte little-endian header
 * length, a JSON header with each tensor's type, shape and byte range, then the bytes. Any tool
 * that knows the format can read the files.
 */
public final class SafeTensors {
  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final int CHUNK_FLOATS = 1 << 18;

  private final Configuration conf;
  private final ObjectMapper mapper = new ObjectMapper();

  public SafeTensors(Configuration conf) {
    this.conf = conf;
  }

  /**
   * One tensor: row-major values and their shape.
   *
   * @param shape the dimensions; their product is the number of values
   * @param values the values themselves, not copied
   */
  public record FloatTensor(long[] shape, float[] values) {
    public FloatTensor {
      long count = Arrays.stream(shape).reduce(1, Math::multiplyExact);
      if (count != values.length) {
        throw new IllegalArgumentException(
            "Tensor of shape " + Arrays.toString(shape) + " has " + values.length + " values");
      }
    }
  }

  /** Writes the tensors in the map's order, replacing the file. */
  public void write(Path file, Map<String, FloatTensor> tensors) throws IOException {
    ObjectNode header = mapper.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, FloatTensor> entry : tensors.entrySet()) {
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", "F32");
      ArrayNode shape = node.putArray("shape");
      for (long dimension : entry.getValue().shape()) {
        shape.add(dimension);
      }
      long end = offset + 4L * entry.getValue().values().length;
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = padded(mapper.writeValueAsBytes(header));
    try (FSDataOutputStream out = file.getFileSystem(conf).create(file, true)) {
      out.write(littleEndian(8).putLong(json.length).array());
      out.write(json);
      for (FloatTensor tensor : tensors.values()) {
        writeFloats(out, tensor.values());
      }
    }
  }

  /**
   * Reads all tensors of a file.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} naming the file and, where it applies,
   *     the tensor
   */
  public Map<String, FloatTensor> read(Path file) throws IOException {
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    try (FSDataInputStream in = file.getFileSystem(conf).open(file)) {
      long headerBytes = littleEndian(readBytes(in, 8)).getLong();
      if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
        throw invalid(file, "its header length is " + headerBytes, null);
      }
      JsonNode header = mapper.readTree(readBytes(in, (int) headerBytes));
      long dataStart = 8 + headerBytes;
      Iterator<Map.Entry<String, JsonNode>> fields = header.fields();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        if (!field.getKey().equals("__metadata__")) {
          tensors.put(field.getKey(), readTensor(in, file, dataStart, field));
        }
      }
    } catch (EOFException e) {
      throw invalid(file, "it ends too early", e);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw invalid(file, "its header is not JSON", e);
    }
    return tensors;
  }

  private FloatTensor readTensor(
      FSDataInputStream in, Path file, long dataStart, Map.Entry<String, JsonNode> field)
      throws IOException {
    JsonNode node = field.getValue();
    String type = node.path("dtype").asText();
    if (!type.equals("F32")) {
      throw invalid(file, "tensor " + field.getKey() + " has type " + type + ", needed F32", null);
    }
    long[] shape = new long[node.path("shape").size()];
    long count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.path("shape").get(i).asLong();
      count = Math.multiplyExact(count, shape[i]);
    }
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end - begin != 4 * count) {
      throw invalid(
          file,
          "tensor "
              + field.getKey()
              + " of shape "
              + Arrays.toString(shape)
              + " has "
              + (end - begin)
              + " bytes",
          null);
    }
    in.seek(dataStart + begin);
    return new FloatTensor(shape, readFloats(in, Math.toIntExact(count)));
  }

  private static DicmException invalid(Path file, String why, Exception cause) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID, "Cannot read " + file + " as safetensors: " + why + ".", cause);
  }

  private static void writeFloats(FSDataOutputStream out, float[] values) throws IOException {
    ByteBuffer buffer = littleEndian(4 * Math.min(values.length, CHUNK_FLOATS));
    for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, values.length - from);
      buffer.clear().asFloatBuffer().put(values, from, count);
      out.write(buffer.array(), 0, 4 * count);
    }
  }

  private static float[] readFloats(FSDataInputStream in, int count) throws IOException {
    float[] values = new float[count];
    byte[] bytes = new byte[4 * Math.min(count, CHUNK_FLOATS)];
    for (int from = 0; from < count; from += CHUNK_FLOATS) {
      int part = Math.min(CHUNK_FLOATS, count - from);
      in.readFully(bytes, 0, 4 * part);
      littleEndian(bytes).asFloatBuffer().get(values, from, part);
    }
    return values;
  }

  private static byte[] readBytes(FSDataInputStream in, int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }

  /** The header's length is a multiple of eight, so that the tensors are aligned when mapped. */
  private static byte[] padded(byte[] json) {
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, " ".getBytes(StandardCharsets.US_ASCII)[0]);
    return padded;
  }

  private static ByteBuffer littleEndian(int capacity) {
    return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
