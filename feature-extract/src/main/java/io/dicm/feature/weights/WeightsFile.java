package io.dicm.feature.weights;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.tensor.ElementType;
import io.dicm.common.tensor.SafeTensorsReader;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Weights from a file that users have: safetensors, or a state dictionary of {@code torch.save} in
 * its zip format or the one before. The content tells the format, not the name. Values of float16
 * and bfloat16 are converted; tensors that nobody asks for are ignored, and so is {@code module.}
 * before a name, which PyTorch's DataParallel adds. Values are read when they are asked for, in
 * pieces. Not safe for use by many threads.
 */
public final class WeightsFile implements WeightSource {
  private static final int CHUNK_VALUES = 1 << 16;
  private static final String PARALLEL_PREFIX = "module.";

  private final Path file;
  private final FSDataInputStream in;
  private final Optional<java.nio.file.Path> localFile;
  private final long fileBytes;
  private final Map<String, StoredTensor> tensors;

  private WeightsFile(
      Path file,
      FSDataInputStream in,
      Optional<java.nio.file.Path> localFile,
      long fileBytes,
      Map<String, StoredTensor> tensors) {
    this.file = file;
    this.in = in;
    this.localFile = localFile;
    this.fileBytes = fileBytes;
    this.tensors = tensors;
  }

  /**
   * Opens a file and finds its tensors, without their values.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} when there is no such file or it is of
   *     no known format
   */
  public static WeightsFile open(Configuration conf, Path file) throws IOException {
    FileSystem fs = file.getFileSystem(conf);
    FSDataInputStream in;
    try {
      in = fs.open(file);
    } catch (FileNotFoundException e) {
      throw invalid(file, "there is no such file", e);
    }
    try {
      long fileBytes = fs.getFileStatus(file).getLen();
      Optional<java.nio.file.Path> localFile =
          fs instanceof LocalFileSystem local
              ? Optional.of(local.pathToFile(file).toPath())
              : Optional.empty();
      return new WeightsFile(file, in, localFile, fileBytes, index(conf, file, in, fileBytes));
    } catch (MalformedWeightsException e) {
      in.close();
      throw invalid(file, e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /**
   * Checks that all the tensors can be read, without reading their values, and that the file was
   * not cut.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} naming the tensor and both shapes
   */
  public void check(List<WeightShape> weights) {
    weights.forEach(this::checked);
    tensors.forEach(
        (name, tensor) -> {
          if (isCut(tensor)) {
            throw invalid(
                file,
                "it was cut: tensor " + name + " of shape " + tensor.shape() + " is not whole",
                null);
          }
        });
  }

  @Override
  public void read(WeightShape weight, FloatSink sink) throws IOException {
    StoredTensor tensor = checked(weight);
    try {
      if (tensor.contiguous()) {
        readRow(tensor, sink);
      } else {
        readStrided(tensor, sink);
      }
    } catch (EOFException e) {
      throw cut(weight, tensor);
    }
  }

  @Override
  public Optional<FloatBuffer> map(WeightShape weight) throws IOException {
    StoredTensor tensor = checked(weight);
    if (localFile.isEmpty()
        || !tensor.type().equals(Optional.of(ElementType.FLOAT32))
        || !tensor.contiguous()
        || tensor.begin() % Float.BYTES != 0
        || weight.count() > StoredTensor.MOST_VALUES / Float.BYTES
        || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(localFile.get(), StandardOpenOption.READ)) {
      long bytes = Float.BYTES * weight.count();
      return Optional.of(
          channel
              .map(FileChannel.MapMode.READ_ONLY, tensor.begin(), bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .asFloatBuffer());
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static Map<String, StoredTensor> index(
      Configuration conf, Path file, FSDataInputStream in, long fileBytes) throws IOException {
    byte[] start = new byte[(int) Math.min(WeightsFormat.START_BYTES, fileBytes)];
    in.readFully(0, start);
    WeightsFormat format =
        WeightsFormat.of(start)
            .orElseThrow(
                () ->
                    new MalformedWeightsException(
                        "it is neither a safetensors file nor one of torch.save"));
    Map<String, StoredTensor> found =
        switch (format) {
          case SAFE_TENSORS -> safeTensors(conf, file);
          case TORCH_ZIP -> TorchZip.index(in, fileBytes);
          case TORCH_LEGACY -> TorchLegacy.index(in, fileBytes);
        };
    Map<String, StoredTensor> named = new LinkedHashMap<>();
    found.forEach(
        (name, tensor) ->
            named.put(
                name.startsWith(PARALLEL_PREFIX) ? name.substring(PARALLEL_PREFIX.length()) : name,
                tensor));
    return named;
  }

  private static Map<String, StoredTensor> safeTensors(Configuration conf, Path file)
      throws IOException {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    try (SafeTensorsReader reader = SafeTensorsReader.open(conf, file)) {
      for (String name : reader.names()) {
        SafeTensorsReader.Entry entry = reader.entry(name);
        StoredTensor tensor =
            new StoredTensor(
                entry.type(),
                ElementType.ofSafeTensors(entry.type()),
                entry.shape(),
                StoredTensor.rowMajor(entry.shape()),
                entry.begin(),
                entry.end());
        if (tensor.type().isPresent()
            && entry.end() - entry.begin() != tensor.type().get().bytes() * tensor.span()) {
          throw new MalformedWeightsException(
              "tensor "
                  + name
                  + " of shape "
                  + entry.shape()
                  + " has "
                  + (entry.end() - entry.begin())
                  + " bytes");
        }
        tensors.put(name, tensor);
      }
    }
    return tensors;
  }

  private StoredTensor checked(WeightShape weight) {
    StoredTensor tensor = tensors.get(weight.name());
    if (tensor == null) {
      throw invalid(
          file, "there is no tensor " + weight.name() + " of shape " + weight.shape(), null);
    }
    if (!tensor.shape().equals(weight.shape())) {
      throw invalid(
          file,
          "tensor " + weight.name() + " has shape " + tensor.shape() + ", needed " + weight.shape(),
          null);
    }
    if (tensor.type().isEmpty()) {
      throw invalid(
          file,
          "tensor "
              + weight.name()
              + " of shape "
              + weight.shape()
              + " has type "
              + tensor.typeName()
              + ", needed float32, float16 or bfloat16",
          null);
    }
    if (isCut(tensor)) {
      throw cut(weight, tensor);
    }
    return tensor;
  }

  private boolean isCut(StoredTensor tensor) {
    return tensor.storageEnd() > fileBytes;
  }

  /** How much of the tensor is there is said as a shape too: its whole rows. */
  private DicmException cut(WeightShape weight, StoredTensor tensor) {
    long rows = weight.shape().isEmpty() ? 1 : weight.shape().get(0);
    long rowValues = Math.max(1, weight.count() / Math.max(1, rows));
    int bytes = tensor.type().map(ElementType::bytes).orElse(1);
    long whole = Math.max(0, fileBytes - tensor.begin()) / bytes / rowValues;
    Long[] found = weight.shape().toArray(Long[]::new);
    if (found.length > 0) {
      found[0] = Math.min(whole, rows);
    }
    return invalid(
        file,
        "it was cut: of tensor "
            + weight.name()
            + " no more than shape "
            + Arrays.toString(found)
            + " is there, needed "
            + weight.shape(),
        null);
  }

  private void readRow(StoredTensor tensor, FloatSink sink) throws IOException {
    ElementType type = tensor.type().orElseThrow();
    int total = tensor.count();
    float[] values = new float[Math.min(total, CHUNK_VALUES)];
    byte[] bytes = new byte[type.bytes() * values.length];
    in.seek(tensor.begin());
    for (int left = total; left > 0; left -= CHUNK_VALUES) {
      int count = Math.min(CHUNK_VALUES, left);
      in.readFully(bytes, 0, type.bytes() * count);
      type.decode(ByteBuffer.wrap(bytes), values, count);
      sink.accept(values, count);
    }
  }

  /** Takes the tensor's part of the file into memory outside the heap, as long as this call. */
  private void readStrided(StoredTensor tensor, FloatSink sink) throws IOException {
    ElementType type = tensor.type().orElseThrow();
    ByteBuffer span = span(tensor, type);
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    long[] strides = tensor.strides().stream().mapToLong(Long::longValue).toArray();
    long[] index = new long[shape.length];
    float[] values = new float[Math.min(tensor.count(), CHUNK_VALUES)];
    int filled = 0;
    long at = 0;
    for (int left = tensor.count(); left > 0; left--) {
      values[filled++] = type.value(span, (int) (type.bytes() * at));
      if (filled == values.length || left == 1) {
        sink.accept(values, filled);
        filled = 0;
      }
      for (int d = shape.length - 1; d >= 0; d--) {
        at += strides[d];
        if (++index[d] < shape[d]) {
          break;
        }
        at -= strides[d] * index[d];
        index[d] = 0;
      }
    }
  }

  private ByteBuffer span(StoredTensor tensor, ElementType type) throws IOException {
    long bytes = type.bytes() * tensor.span();
    if (bytes > StoredTensor.MOST_VALUES) {
      throw invalid(file, "a tensor with gaps spreads over " + bytes + " bytes", null);
    }
    ByteBuffer span = ByteBuffer.allocateDirect((int) bytes);
    byte[] chunk = new byte[CHUNK_VALUES];
    in.seek(tensor.begin());
    while (span.hasRemaining()) {
      int count = Math.min(chunk.length, span.remaining());
      in.readFully(chunk, 0, count);
      span.put(chunk, 0, count);
    }
    return span.clear().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static DicmException invalid(Path file, String why, Exception cause) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID, "Cannot use the weights in " + file + ": " + why + ".", cause);
  }
}
