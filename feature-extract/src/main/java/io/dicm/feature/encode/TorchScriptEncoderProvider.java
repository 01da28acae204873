package io.dicm.feature.encode;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import io.dicm.feature.device.ComputeDevice;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Makes {@link TorchScriptEncoder}s from {@code dicm.extract.weights} and the description beside
 * it.
 */
public final class TorchScriptEncoderProvider implements EncoderProvider {
  private static final String DESCRIPTION_SUFFIX = ".json";
  private static final int MOST_DESCRIPTION_BYTES = 1 << 16;
  private static final int ID_DIGEST_DIGITS = 12;
  private static final int MOST_THREADS = 1024;

  /** Libtorch and Java without its heap: what VGG16's process measured without its weights. */
  private static final int LIBRARY_MB = 330;

  /** The tensors, and the file's bytes while these are made from it. */
  private static final int COPIES_OF_MODULE = 2;

  /**
   * Outputs of a module's layers that are there at a time, in inputs: an estimate from the usual
   * networks, whose largest layers have some five times the numbers of the input.
   */
  private static final int INPUTS_OF_LAYERS = 16;

  private static final double BYTES_OF_MIB = 1 << 20;

  @Override
  public String name() {
    return "torchscript";
  }

  @Override
  public ExtractorDescription describe(Configuration conf) throws IOException {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    Path file = settings.path(DicmKeys.EXTRACT_WEIGHTS);
    if (!file.getFileSystem(conf).exists(file)) {
      throw new DicmException(
          ErrorCode.WEIGHTS_INVALID,
          "Cannot use the TorchScript module " + file + ": there is no such file.");
    }
    byte[] json = json(conf, file);
    TorchScriptDescription script = TorchScriptDescription.parse(file + DESCRIPTION_SUFFIX, json);
    String digest = FileDigest.sha256(conf, file);
    // The description decides the vectors as much as the weights do.
    String both = digest + FileDigest.sha256(json);
    String id = FileDigest.sha256(both.getBytes(StandardCharsets.UTF_8));
    return new ExtractorDescription(
        "torchscript-" + id.substring(0, ID_DIGEST_DIGITS) + "-" + script.dimension(),
        "TorchScript output" + script.layer().map(layer -> " " + layer).orElse(""),
        digest,
        script.preprocessing().description(),
        script.dimension(),
        ExtractorDescription.FLOAT32);
  }

  @Override
  public ImageEncoder open(Configuration conf, ExtractorDescription description)
      throws IOException {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    Path file = settings.path(DicmKeys.EXTRACT_WEIGHTS);
    int threads = settings.integer(DicmKeys.EXTRACT_THREADS, 1, MOST_THREADS);
    TorchScriptDescription script =
        TorchScriptDescription.parse(file + DESCRIPTION_SUFFIX, json(conf, file));
    ComputeDevice device = ExtractDevice.open(settings);
    FileSystem fs = file.getFileSystem(conf);
    if (fs instanceof LocalFileSystem local) {
      String name = local.pathToFile(file).getPath();
      return LibTorch.load(
          () -> new TorchScriptEncoder(description, script, name, threads, device));
    }
    java.nio.file.Path copy = Files.createTempFile("module", ".pt");
    try {
      fs.copyToLocalFile(false, file, new Path(copy.toUri()), true);
      return LibTorch.load(
          () -> new TorchScriptEncoder(description, script, copy.toString(), threads, device));
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  @Override
  public int nativeMemoryMb(Configuration conf, int batchSize) throws IOException {
    Path file = DicmConfiguration.of(conf).path(DicmKeys.EXTRACT_WEIGHTS);
    double bytes =
        COPIES_OF_MODULE * (double) file.getFileSystem(conf).getFileStatus(file).getLen()
            + (double) INPUTS_OF_LAYERS * pictureBytes(conf) * batchSize;
    return LIBRARY_MB
        + (int) Math.ceil(bytes / BYTES_OF_MIB)
        + ExtractDevice.cudaMemoryMb(DicmConfiguration.of(conf));
  }

  @Override
  public long pictureBytes(Configuration conf) throws IOException {
    Path file = DicmConfiguration.of(conf).path(DicmKeys.EXTRACT_WEIGHTS);
    return (long) Float.BYTES
        * TorchScriptDescription.parse(file + DESCRIPTION_SUFFIX, json(conf, file))
            .preprocessing()
            .floats();
  }

  private static byte[] json(Configuration conf, Path module) throws IOException {
    Path file = module.suffix(DESCRIPTION_SUFFIX);
    try (FSDataInputStream in = file.getFileSystem(conf).open(file)) {
      return in.readNBytes(MOST_DESCRIPTION_BYTES);
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.WEIGHTS_INVALID,
          "Cannot use the TorchScript module "
              + module
              + ": its description "
              + file
              + " is missing (input, mean, std, resize, dimension).",
          e);
    }
  }
}
