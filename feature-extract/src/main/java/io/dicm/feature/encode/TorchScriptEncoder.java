package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.device.ComputeDevice;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GenericDict;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A TorchScript module of any architecture on libtorch, in inference mode. Its output is [n,
 * dimension], or [n, dimension, 1, 1] as a pooling leaves it. Not safe for use by many threads.
 */
final class TorchScriptEncoder implements ImageEncoder {
  private final ExtractorDescription description;
  private final TorchScriptDescription script;
  private final String file;
  private final ComputeDevice device;
  private final JitModule module;
  private boolean closed;

  /**
   * Loads the module.
   *
   * @param file the module in the local file system
   * @param threads compute threads of the processor; a setting of the whole process in libtorch
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} when libtorch cannot load it
   */
  TorchScriptEncoder(
      ExtractorDescription description,
      TorchScriptDescription script,
      String file,
      int threads,
      ComputeDevice device) {
    this.description = description;
    this.script = script;
    this.file = file;
    this.device = device;
    set_num_threads(threads);
    try (PointerScope scope = new PointerScope()) {
      module = torch.load(file).retainReference();
      module.eval();
      if (!device.isProcessor()) {
        module.to(device.device());
      }
    } catch (RuntimeException e) {
      throw invalid("libtorch cannot load it: " + firstLine(e), e);
    }
  }

  @Override
  public ExtractorDescription description() {
    return description;
  }

  @Override
  public Preprocessing preprocessing() {
    return script.preprocessing();
  }

  @Override
  public float[][] encode(FloatBuffer batch, int count) {
    try (PointerScope scope = new PointerScope()) {
      Tensor pictures = device.place(PictureBatch.tensor(batch, count, preprocessing()));
      return VectorRows.of(device.onProcessor(vectors(pictures)), count, dimension());
    }
  }

  @Override
  public EncodingPipeline pipeline(int batchSize) {
    return device.isProcessor()
        ? ImageEncoder.super.pipeline(batchSize)
        : pipelineOnDevice(batchSize);
  }

  EncodingPipeline pipelineOnDevice(int batchSize) {
    BatchShape shape = new BatchShape(batchSize, preprocessing(), dimension());
    return new DevicePipeline(device, shape, this::vectors);
  }

  /**
   * Within the caller's pointer scope.
   *
   * @param pictures [n, 3, height, width] on the device
   * @return [n, dimension] of float32
   */
  private Tensor vectors(Tensor pictures) {
    if (closed) {
      throw new IllegalStateException("The encoder is closed");
    }
    try (InferenceMode inference = new InferenceMode(true)) {
      Tensor vectors = chosen(forward(new IValue(pictures)));
      int count = Math.toIntExact(pictures.size(0));
      checkShape(vectors, count);
      return vectors.to(ScalarType.Float).reshape(count, dimension());
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      module.close();
    }
  }

  private IValue forward(IValue pictures) {
    try {
      return module.forward(new IValueVector(pictures));
    } catch (RuntimeException e) {
      throw invalid("its forward failed: " + firstLine(e), e);
    }
  }

  private Tensor chosen(IValue output) {
    if (output.isTensor()) {
      if (script.layer().isPresent()) {
        throw invalid("it has one output, its description asks for " + layer(), null);
      }
      return output.toTensor();
    }
    IValue part = part(output);
    if (!part.isTensor()) {
      throw invalid("its output " + layer() + " is no tensor", null);
    }
    return part.toTensor();
  }

  private IValue part(IValue output) {
    if (script.layer().isEmpty()) {
      throw invalid("it has several outputs: choose one by the description's field layer", null);
    }
    if (output.isGenericDict()) {
      GenericDict outputs = output.toGenericDict();
      IValue key = new IValue(layer());
      if (outputs.contains(key)) {
        return outputs.at(key);
      }
    } else if (layer().matches("[0-9]{1,9}")) {
      long index = Long.parseLong(layer());
      if (output.isTuple() && index < output.toTupleRef().size()) {
        return output.toTupleRef().elements().at(index);
      }
      if (output.isList() && index < output.toListRef().size()) {
        return output.toListRef().at(index);
      }
    }
    throw invalid("it has no output " + layer(), null);
  }

  private String layer() {
    return script.layer().orElse("");
  }

  private void checkShape(Tensor vectors, int count) {
    long[] found = vectors.sizes().vec().get();
    boolean fits = found.length >= 2 && found[0] == count && found[1] == dimension();
    for (int i = 2; i < found.length; i++) {
      fits &= found[i] == 1;
    }
    if (!fits) {
      throw invalid(
          "its output has shape "
              + Arrays.toString(found)
              + ", needed ["
              + count
              + ", "
              + dimension()
              + "]",
          null);
    }
  }

  private DicmException invalid(String why, Exception cause) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID,
        "Cannot use the TorchScript module " + file + ": " + why + ".",
        cause);
  }

  /** The message of libtorch without its stack. */
  private static String firstLine(RuntimeException e) {
    String message = String.valueOf(e.getMessage()).strip();
    return message.lines().findFirst().orElse("").replaceAll("[.:]$", "");
  }
}
