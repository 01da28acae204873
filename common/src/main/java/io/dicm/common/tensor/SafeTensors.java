package io.dicm.common.tensor;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;

/**
 * Reads and writes float32 tensors in the safetensors format: an 8-byte little-endian header
 * length, a JSON header with each tensor's type, shape and byte range, then the bytes. Any tool
 * that knows the format can read the files.
 */
public final class SafeTensors {
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
    try (SafeTensorsReader reader = SafeTensorsReader.open(conf, file)) {
      for (String name : reader.names()) {
        tensors.put(name, read(reader, name));
      }
    }
    return tensors;
  }

  private static FloatTensor read(SafeTensorsReader reader, String name) throws IOException {
    float[] values = new float[reader.floats(name)];
    FloatBuffer rest = FloatBuffer.wrap(values);
    reader.read(name, (chunk, count) -> rest.put(chunk, 0, count));
    return new FloatTensor(reader.shape(name), values);
  }

  private static void writeFloats(FSDataOutputStream out, float[] values) throws IOException {
    ByteBuffer buffer = littleEndian(4 * Math.min(values.length, CHUNK_FLOATS));
    for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, values.length - from);
      buffer.clear().asFloatBuffer().put(values, from, count);
      out.write(buffer.array(), 0, 4 * count);
    }
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
}
