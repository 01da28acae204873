package io.dicm.common.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads single tensors of a safetensors file piece by piece as float32, for files that do not fit
 * the heap; float16 and bfloat16 are converted. All errors of the file are {@link
 * ErrorCode#WEIGHTS_INVALID} and name it and, where it applies, the tensor. Not safe for use by
 * many threads.
 */
public final class SafeTensorsReader implements Closeable {
  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final int MAX_FLOATS = Integer.MAX_VALUE - 8;
  private static final int CHUNK_FLOATS = 1 << 16;

  private final Path file;
  private final FSDataInputStream in;
  private final long fileBytes;
  private final Map<String, JsonNode> entries = new LinkedHashMap<>();
  private long dataStart;

  /** Takes the next values of a tensor; the array is valid only during the call. */
  @FunctionalInterface
  public interface FloatSink {
    void accept(float[] values, int count);
  }

  private SafeTensorsReader(Path file, FSDataInputStream in, long fileBytes) {
    this.file = file;
    this.in = in;
    this.fileBytes = fileBytes;
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} when there is no such file or it is not
   *     a safetensors file
   */
  public static SafeTensorsReader open(Configuration conf, Path file) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    try {
      FSDataInputStream in = fs.open(file);
      SafeTensorsReader reader = new SafeTensorsReader(file, in, fs.getFileStatus(file).getLen());
      reader.readHeader();
      return reader;
    } catch (FileNotFoundException e) {
      throw invalid(file, "there is no such file", e);
    }
  }

  /** Names of all tensors, in the file's order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** The shape of a tensor. */
  public long[] shape(String name) {
    return range(name).shape();
  }

  /** Number of values of a tensor, all of which the file has. */
  public int floats(String name) {
    return checkedRange(name).floats();
  }

  /**
   * What the header says of a tensor, which may be of any type and not be there whole.
   *
   * @param type as the format names it, such as {@code F32}
   * @param shape the dimensions, none negative, whose product an array can hold
   * @param begin the first byte's place in the file
   * @param end the place after the last byte
   */
  public record Entry(String type, List<Long> shape, long begin, long end) {}

  /** What the header says of a tensor. */
  public Entry entry(String name) {
    JsonNode node = node(name);
    long[] shape = shape(name, node.path("shape"));
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end < begin || end > Long.MAX_VALUE - dataStart) {
      throw invalid(file, "tensor " + name + " has bytes " + begin + " to " + end, null);
    }
    return new Entry(
        node.path("dtype").asText(),
        Arrays.stream(shape).boxed().toList(),
        dataStart + begin,
        dataStart + end);
  }

  /** Gives one tensor's values, row-major, in pieces. */
  public void read(String name, FloatSink sink) throws IOException {
    TensorRange range = checkedRange(name);
    try {
      in.seek(dataStart + range.begin());
      readFloats(range, sink);
    } catch (EOFException e) {
      throw invalid(file, "it ends too early", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void readHeader() throws IOException {
    try {
      long headerBytes = littleEndian(readBytes(Long.BYTES)).getLong();
      if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
        throw invalid(file, "its header length is " + headerBytes, null);
      }
      dataStart = Long.BYTES + headerBytes;
      JsonNode header =
          new ObjectMapper().readTree(readBytes((int) Math.min(headerBytes, fileBytes)));
      if (!header.isObject()) {
        throw invalid(file, "its header is not a JSON object", null);
      }
      header.properties().forEach(field -> entries.put(field.getKey(), field.getValue()));
      entries.remove("__metadata__");
    } catch (EOFException e) {
      in.close();
      throw invalid(file, "it ends too early", e);
    } catch (JsonProcessingException e) {
      in.close();
      throw invalid(file, "its header is not JSON", e);
    } catch (IOException | DicmException e) {
      in.close();
      throw e;
    }
  }

  /** A tensor's shape and its bytes' place after the header, both consistent. */
  private record TensorRange(ElementType type, long[] shape, long begin, long end) {
    int floats() {
      return (int) ((end - begin) / type.bytes());
    }
  }

  /** Before memory is taken for it: the header of a broken file may ask for anything. */
  private TensorRange checkedRange(String name) {
    TensorRange range = range(name);
    if (range.end() > fileBytes - dataStart) {
      throw invalid(file, "it ends too early", null);
    }
    return range;
  }

  private TensorRange range(String name) {
    JsonNode node = node(name);
    String dtype = node.path("dtype").asText();
    ElementType type =
        ElementType.ofSafeTensors(dtype)
            .orElseThrow(
                () ->
                    invalid(
                        file,
                        "tensor " + name + " has type " + dtype + ", needed F32, F16 or BF16",
                        null));
    long[] shape = shape(name, node.path("shape"));
    long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    long begin = node.path("data_offsets").path(0).asLong(-1);
    long end = node.path("data_offsets").path(1).asLong(-1);
    if (begin < 0 || end - begin != type.bytes() * count) {
      String has = Arrays.toString(shape) + " has " + (end - begin) + " bytes";
      throw invalid(file, "tensor " + name + " of shape " + has, null);
    }
    return new TensorRange(type, shape, begin, end);
  }

  private JsonNode node(String name) {
    JsonNode node = entries.get(name);
    if (node == null) {
      throw invalid(file, "it has no tensor " + name, null);
    }
    return node;
  }

  /** The dimensions; their product is the length of an array that Java can hold. */
  private long[] shape(String name, JsonNode node) {
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

  private void readFloats(TensorRange range, FloatSink sink) throws IOException {
    float[] values = new float[Math.min(range.floats(), CHUNK_FLOATS)];
    byte[] bytes = new byte[range.type().bytes() * values.length];
    for (int left = range.floats(); left > 0; left -= CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, left);
      in.readFully(bytes, 0, range.type().bytes() * count);
      range.type().decode(ByteBuffer.wrap(bytes), values, count);
      sink.accept(values, count);
    }
  }

  private byte[] readBytes(int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static DicmException invalid(Path file, String why, Exception cause) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID, "Cannot read " + file + " as safetensors: " + why + ".", cause);
  }
}
