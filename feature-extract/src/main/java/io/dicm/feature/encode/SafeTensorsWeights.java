package io.dicm.feature.encode;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.tensor.SafeTensorsReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Weights from a safetensors file; other tensors in it are ignored. */
public final class SafeTensorsWeights implements WeightSource {
  private final Path file;
  private final SafeTensorsReader reader;

  /** Opens the file and reads its header. */
  public SafeTensorsWeights(Configuration conf, Path file) throws IOException {
    this.file = file;
    this.reader = SafeTensorsReader.open(conf, file);
  }

  /**
   * Checks that the file has all the tensors, by its header alone.
   *
   * @throws DicmException {@link ErrorCode#WEIGHTS_INVALID} naming the tensor and both shapes
   */
  public void check(List<WeightShape> weights) {
    weights.forEach(this::check);
  }

  @Override
  public void read(WeightShape weight, FloatSink sink) throws IOException {
    check(weight);
    reader.read(weight.name(), sink::accept);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private void check(WeightShape weight) {
    if (!reader.names().contains(weight.name())) {
      throw invalid("there is no tensor " + weight.name() + " of shape " + weight.shape());
    }
    List<Long> found = Arrays.stream(reader.shape(weight.name())).boxed().toList();
    if (!found.equals(weight.shape())) {
      throw invalid(
          "tensor " + weight.name() + " has shape " + found + ", needed " + weight.shape());
    }
  }

  private DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.WEIGHTS_INVALID,
        "Cannot use the weights in " + file + ": " + why + " (torchvision's names of VGG16).");
  }
}
