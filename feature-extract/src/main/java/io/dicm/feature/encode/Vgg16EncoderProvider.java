package io.dicm.feature.encode;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import io.dicm.feature.decode.ImagePreprocessor;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes {@link Vgg16Encoder}s from {@code dicm.extract.weights} or from a seed. */
public final class Vgg16EncoderProvider implements EncoderProvider {
  private static final Logger LOG = LoggerFactory.getLogger(Vgg16EncoderProvider.class);
  private static final String LAYER = "fc6-relu";
  private static final int ID_DIGEST_DIGITS = 12;
  private static final int MOST_THREADS = 1024;

  /** Weights (470), libtorch and Java without its heap; measured. */
  private static final int NETWORK_MB = 800;

  /** Input and output of the largest layer (26) and what its convolution works with; measured. */
  private static final int PICTURE_MB = 36;

  @Override
  public String name() {
    return "vgg16";
  }

  @Override
  public ExtractorDescription describe(Configuration conf) throws IOException {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    String file = settings.text(DicmKeys.EXTRACT_WEIGHTS);
    if (file.isEmpty()) {
      long seed = settings.longInteger(DicmKeys.EXTRACT_SEED);
      LOG.warn(
          "VGG16's weights are random (seed {}): good for trying things, not for learning from"
              + " pictures. Set {} to a safetensors file with torchvision's names.",
          seed,
          DicmKeys.EXTRACT_WEIGHTS);
      String weights = ExtractorDescription.RANDOM + "seed" + seed;
      return description(weights, weights);
    }
    String digest = checkedDigest(conf, new Path(file));
    return description(digest.substring(0, ID_DIGEST_DIGITS), digest);
  }

  @Override
  public ImageEncoder open(Configuration conf, ExtractorDescription description)
      throws IOException {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    int threads = settings.integer(DicmKeys.EXTRACT_THREADS, 1, MOST_THREADS);
    try (WeightSource weights = weights(settings)) {
      return new Vgg16Encoder(description, weights, threads);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot load libtorch: " + e.getMessage() + ". It needs glibc 2.35 on x86-64 Linux.",
          e);
    }
  }

  @Override
  public int nativeMemoryMb(int batchSize) {
    return NETWORK_MB + PICTURE_MB * batchSize;
  }

  private static WeightSource weights(DicmConfiguration settings) throws IOException {
    String file = settings.text(DicmKeys.EXTRACT_WEIGHTS);
    return file.isEmpty()
        ? new RandomWeights(settings.longInteger(DicmKeys.EXTRACT_SEED))
        : new SafeTensorsWeights(settings.hadoop(), new Path(file));
  }

  private static ExtractorDescription description(String idPart, String digest) {
    return new ExtractorDescription(
        "vgg16-" + LAYER + "-" + idPart + "-" + ImagePreprocessor.SIDE,
        "VGG16 " + LAYER,
        digest,
        ImagePreprocessor.DESCRIPTION,
        Vgg16Architecture.FC6_OUTPUTS,
        "float32");
  }

  private static String checkedDigest(Configuration conf, Path file) throws IOException {
    try (SafeTensorsWeights weights = new SafeTensorsWeights(conf, file)) {
      weights.check(Vgg16Architecture.weights());
    }
    return FileDigest.sha256(conf, file);
  }
}
