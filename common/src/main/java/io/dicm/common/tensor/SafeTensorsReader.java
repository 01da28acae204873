package io.dicm.common.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/**
 * Reads single float32 tensors of a safetensors file piece by piece, for files that do not fit the
 * heap. Not safe for use by many threads.
 */
public final class SafeTensorsReader implements Closeable {
  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final int CHUNK_FLOATS = 1 << 16;

  private final Path file;
  private final FSDataInputStream in;
  private final Map<String, Entry> entries;

  private record Entry(String type, List<Long> shape, long begin, long end) {
    long count() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** Takes the next values of a tensor; the array is valid only during the call. */
  @FunctionalInterface
  public interface FloatSink {
    void accept(float[] values, int count);
  }

  private SafeTensorsReader(Path file, FSDataInputStream in, Map<String, Entry> entries) {
    this.file = file;
    this.in = in;
    this.entries = entries;
  }

  /**
   * Opens a file and reads its header.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} when it is not a safetensors file
   */
  public static SafeTensorsReader open(Configuration conf, Path file) throws IOException {
    FSDataInputStream in = file.getFileSystem(conf).open(file);
    try {
      return new SafeTensorsReader(file, in, readHeader(file, in));
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Shapes of all tensors by name, in the file's order. */
  public Map<String, List<Long>> shapes() {
    return Collections.unmodifiableMap(
        entries.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> e.getValue().shape(),
                    (a, b) -> a,
                    LinkedHashMap::new)));
  }

  /**
   * Gives one tensor's values, row-major, in pieces.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} naming the file and the tensor
   */
  public void read(String name, FloatSink sink) throws IOException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw invalid(file, "it has no tensor " + name, null);
    }
    if (!entry.type().equals("F32")) {
      throw invalid(file, "tensor " + name + " has type " + entry.type() + ", needed F32", null);
    }
    if (entry.end() - entry.begin() != Float.BYTES * entry.count()) {
      throw invalid(file, "tensor " + name + " has another number of bytes than its shape", null);
    }
    try {
      in.seek(entry.begin());
      readFloats(entry.count(), sink);
    } catch (EOFException e) {
      throw invalid(file, "it ends within tensor " + name, e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void readFloats(long total, FloatSink sink) throws IOException {
    byte[] bytes = new byte[Float.BYTES * CHUNK_FLOATS];
    float[] values = new float[CHUNK_FLOATS];
    for (long left = total; left > 0; left -= CHUNK_FLOATS) {
      int count = (int) Math.min(CHUNK_FLOATS, left);
      in.readFully(bytes, 0, Float.BYTES * count);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, 0, count);
      sink.accept(values, count);
    }
  }

  private static Map<String, Entry> readHeader(Path file, FSDataInputStream in) throws IOException {
    try {
      byte[] length = new byte[Long.BYTES];
      in.readFully(length);
      long bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (bytes < 2 || bytes > MAX_HEADER_BYTES) {
        throw invalid(file, "its header length is " + bytes, null);
      }
      byte[] json = new byte[(int) bytes];
      in.readFully(json);
      return entries(new ObjectMapper().readTree(json), Long.BYTES + bytes);
    } catch (EOFException e) {
      throw invalid(file, "it ends within its header", e);
    } catch (JsonProcessingException e) {
      throw invalid(file, "its header is not JSON", e);
    }
  }

  private static Map<String, Entry> entries(JsonNode header, long dataStart) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    header
        .fields()
        .forEachRemaining(
            field -> {
              if (!field.getKey().equals("__metadata__")) {
                entries.put(field.getKey(), entry(field.getValue(), dataStart));
              }
            });
    return entries;
  }

  private static Entry entry(JsonNode node, long dataStart) {
    List<Long> shape = new ArrayList<>();
    node.path("shape").forEach(dimension -> shape.add(dimension.asLong()));
    JsonNode offsets = node.path("data_offsets");
    return new Entry(
        node.path("dtype").asText(),
        List.copyOf(shape),
        dataStart + offsets.path(0).asLong(),
        dataStart + offsets.path(1).asLong());
  }

  private static DicmException invalid(Path file, String why, Exception cause) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID, "Cannot read " + file + " as safetensors: " + why + ".", cause);
  }
}
