package io.dicm.feature.encode;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.FileDigest;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.weights.RandomWeights;
import io.dicm.feature.weights.WeightSource;
import io.dicm.feature.weights.WeightsFile;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes {@link Vgg16Encoder}s from {@code dicm.extract.weights} or from a seed. */
public final class Vgg16EncoderProvider implements EncoderProvider {
  private static final Logger LOG = LoggerFactory.getLogger(Vgg16EncoderProvider.class);
  private static final int ID_DIGEST_DIGITS = 12;
  private static final int MOST_THREADS = 1024;

  /** Weights (470), libtorch and Java without its heap; measured. */
  private static final int NETWORK_MB = 800;

  /** Pixels, what the third block leaves and the fourth works with, and vectors; measured. */
  private static final int PICTURE_MB = 12;

  @Override
  public String name() {
    return "vgg16";
  }

  @Override
  public ExtractorDescription describe(Configuration conf) throws IOException {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    Vgg16Variant variant = Vgg16Variant.of(settings);
    String file = settings.text(DicmKeys.EXTRACT_WEIGHTS);
    if (file.isEmpty()) {
      long seed = settings.longInteger(DicmKeys.EXTRACT_SEED);
      LOG.warn(
          "VGG16's weights are random (seed {}): good for trying things, not for learning from"
              + " pictures. Set {} to torchvision's vgg16 file.",
          seed,
          DicmKeys.EXTRACT_WEIGHTS);
      return variant.ofRandomWeights(seed);
    }
    String digest = checkedDigest(conf, new Path(file));
    return variant.description(digest.substring(0, ID_DIGEST_DIGITS), digest);
  }

  @Override
  public Vgg16Encoder open(Configuration conf, ExtractorDescription description)
      throws IOException {
    DicmConfiguration settings = DicmConfiguration.of(conf);
    int threads = settings.integer(DicmKeys.EXTRACT_THREADS, 1, MOST_THREADS);
    Vgg16Variant variant = Vgg16Variant.of(settings);
    ComputeDevice device = ExtractDevice.open(settings);
    if (device.isProcessor()
        && variant.precision() == Precision.BFLOAT16
        && !BFloat16Support.here()) {
      LOG.warn("This processor does not compute with bfloat16: extraction will be slow.");
    }
    try (WeightSource weights = weights(settings)) {
      return LibTorch.load(() -> new Vgg16Encoder(description, variant, weights, threads, device));
    }
  }

  @Override
  public int nativeMemoryMb(Configuration conf, int batchSize) {
    return NETWORK_MB
        + PICTURE_MB * batchSize
        + ExtractDevice.cudaMemoryMb(DicmConfiguration.of(conf));
  }

  private static WeightSource weights(DicmConfiguration settings) throws IOException {
    String file = settings.text(DicmKeys.EXTRACT_WEIGHTS);
    return file.isEmpty()
        ? new RandomWeights(settings.longInteger(DicmKeys.EXTRACT_SEED))
        : WeightsFile.open(settings.hadoop(), new Path(file));
  }

  private static String checkedDigest(Configuration conf, Path file) throws IOException {
    try (WeightsFile weights = WeightsFile.open(conf, file)) {
      weights.check(Vgg16Architecture.weights());
    }
    return FileDigest.sha256(conf, file);
  }
}
