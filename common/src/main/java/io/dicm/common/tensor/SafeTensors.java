package io.dicm.common.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads and writes float32 tensors in the safetensors format: an 8-byte little-endian header
 * length, a JSON header with each tensor's type, shape and byte range, then the bytes. Any tool
 * that knows the format can read the files.
 */
public final class SafeTensors {
  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final int CHUNK_FLOATS = 1 << 18;
  private static final int MAX_FLOATS = Integer.MAX_VALUE - 8;

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
    FileSystem fs = file.getFileSystem(conf);
    try (FSDataInputStream in = fs.open(file)) {
      return readTensors(in, file, fs.getFileStatus(file).getLen());
    } catch (FileNotFoundException e) {
      throw invalid(file, "there is no such file", e);
    } catch (EOFException e) {
      throw invalid(file, "it ends too early", e);
    } catch (JsonProcessingException e) {
      throw invalid(file, "its header is not JSON", e);
    }
  }

  private Map<String, FloatTensor> readTensors(FSDataInputStream in, Path file, long fileBytes)
      throws IOException {
    long headerBytes = littleEndian(readBytes(in, 8)).getLong();
    if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
      throw invalid(file, "its header length is " + headerBytes, null);
    }
    JsonNode header = mapper.readTree(readBytes(in, (int) Math.min(headerBytes, fileBytes)));
    if (!header.isObject()) {
      throw invalid(file, "its header is not a JSON object", null);
    }
    long dataStart = 8 + headerBytes;
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (!field.getKey().equals("__metadata__")) {
        TensorRange range = range(file, field.getKey(), field.getValue());
        // Before memory is taken for it: the header of a broken file may ask for anything.
        if (range.end() > fileBytes - dataStart) {
          throw new EOFException();
        }
        in.seek(dataStart + range.begin());
        tensors.put(field.getKey(), new FloatTensor(range.shape(), readFloats(in, range.floats())));
      }
    }
    return tensors;
  }

  /** A tensor's shape and its bytes' place after the header, both consistent. */
  private record TensorRange(long[] shape, long begin, long end) {
    int floats() {
      return (int) ((end - begin) / Float.BYTES);
    }
  }

  private static TensorRange range(Path file, String name, JsonNode node) {
    String type = node.path("dtype").asText();
    if (!type.equals("F32")) {
      throw invalid(file, "tensor " + name + " has type " + type + ", needed F32", null);
    }
    long[] shape = shape(file, name, node.path("shape"));
    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end - begin != Float.BYTES * count) {
      String has = Arrays.toString(shape) + " has " + (end - begin) + " bytes";
      throw invalid(file, "tensor " + name + " of shape " + has, null);
    }
    return new TensorRange(shape, begin, end);
  }

  /** The dimensions; their product is the length of an array that Java can hold. */
  private static long[] shape(Path file, String name, JsonNode node) {
    long[] shape = new long[node.size()];
    // Exact up to 2^53, far above the limit.
    double count = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = node.path(i).asLong(-1);
      count = shape[i] < 0 ? Double.POSITIVE_INFINITY : count * shape[i];
    }
    if (!(count <= MAX_FLOATS)) {
      String text = Arrays.toString(shape) + ", which cannot be read";
      throw invalid(file, "tensor " + name + " has the shape " + text, null);
    }
    return shape;
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
