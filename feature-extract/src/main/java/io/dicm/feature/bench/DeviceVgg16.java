package io.dicm.feature.bench;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.encode.EncoderProvider;
import io.dicm.feature.encode.ImageEncoder;
import io.dicm.feature.encode.Vgg16EncoderProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;

/**
 * VGG16's encoder on a device, in each precision that it computes in there: pictures a second, from
 * preprocessed pictures in the processor's memory to vectors there, and how near a lower
 * precision's vectors are to float32's. No picture is decoded and no file but the weights is read.
 * For one thread.
 */
public final class DeviceVgg16 {
  private static final String FLOAT32 = "float32";
  private static final int WARM_UP_BATCHES = 1;
  private static final long SEED = 1;

  private final Configuration conf;
  private final ComputeDevice device;
  private final int batchSize;
  private final int batches;
  private final int threads;

  /**
   * What one precision does.
   *
   * @param precision as {@code dicm.extract.precision} names it
   * @param picturesPerSecond whole batches
   * @param leastCosine of a picture's vector in this precision and in float32, the smallest of a
   *     batch; 1 for float32 itself
   */
  public record Rate(String precision, double picturesPerSecond, double leastCosine) {}

  /** A speed and the vectors of a batch. */
  private record Encoded(double picturesPerSecond, float[][] vectors) {}

  /**
   * @param conf says the weights, as for an extraction: random ones if nothing else
   * @param pictures that are measured, rounded up to whole batches
   * @param threads of the processor
   */
  public DeviceVgg16(
      Configuration conf, ComputeDevice device, int batchSize, int pictures, int threads) {
    this.conf = conf;
    this.device = device;
    this.batchSize = batchSize;
    this.batches = (pictures + batchSize - 1) / batchSize;
    this.threads = threads;
  }

  /** What a device computes in: float16 is for GPUs alone. */
  public static List<String> precisions(ComputeDevice device) {
    return device.isProcessor()
        ? List.of(FLOAT32, "bfloat16")
        : List.of(FLOAT32, "bfloat16", "float16");
  }

  /**
   * Measures each precision, float32 first. Float32 is that on a GPU too, without its matrix units.
   */
  public List<Rate> measure(ProgressListener progress) throws IOException {
    Arithmetic.FLOAT32.useForProcess();
    FloatBuffer pictures = null;
    float[][] exact = null;
    List<Rate> rates = new ArrayList<>();
    List<String> precisions = precisions(device);
    for (String precision : precisions) {
      progress.progress(rates.size(), precisions.size(), "VGG16 in " + precision);
      try (ImageEncoder encoder = open(precision)) {
        if (pictures == null) {
          pictures = pictures(encoder.preprocessing().floats());
        }
        Encoded encoded = encode(encoder, pictures);
        exact = exact == null ? encoded.vectors : exact;
        rates.add(
            new Rate(precision, encoded.picturesPerSecond, leastCosine(encoded.vectors, exact)));
      }
    }
    return rates;
  }

  private ImageEncoder open(String precision) throws IOException {
    Configuration settings = new Configuration(conf);
    DeviceChoice choice = device.isProcessor() ? DeviceChoice.CPU : DeviceChoice.CUDA;
    settings.set(DicmKeys.EXTRACT_DEVICE, choice.label());
    settings.setInt(DicmKeys.EXTRACT_GPUS, device.isProcessor() ? 0 : 1);
    settings.set(DicmKeys.EXTRACT_PRECISION, precision);
    settings.setInt(DicmKeys.EXTRACT_THREADS, threads);
    EncoderProvider provider = new Vgg16EncoderProvider();
    return provider.open(settings, provider.describe(settings));
  }

  private Encoded encode(ImageEncoder encoder, FloatBuffer pictures) {
    float[][] vectors = {};
    for (int i = 0; i < WARM_UP_BATCHES; i++) {
      vectors = encoder.encode(pictures, batchSize);
    }
    long start = System.nanoTime();
    for (int i = 0; i < batches; i++) {
      vectors = encoder.encode(pictures, batchSize);
    }
    double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
    return new Encoded(batches * batchSize / seconds, vectors);
  }

  /** Pixels as preprocessing leaves them: around zero, of about one deviation. */
  private FloatBuffer pictures(int floatsOfOne) {
    FloatBuffer pictures =
        ByteBuffer.allocateDirect(Math.multiplyExact(batchSize * floatsOfOne, Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < pictures.capacity(); i++) {
      pictures.put(i, (float) (2 * random.nextDouble(Math.sqrt(3)) - Math.sqrt(3)));
    }
    return pictures;
  }

  private static double leastCosine(float[][] vectors, float[][] exact) {
    double[] cosines = new double[vectors.length];
    Arrays.setAll(cosines, i -> cosine(vectors[i], exact[i]));
    return Arrays.stream(cosines).min().orElseThrow();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double squaresOfA = 0;
    double squaresOfB = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squaresOfA += (double) a[i] * a[i];
      squaresOfB += (double) b[i] * b[i];
    }
    return product / Math.sqrt(squaresOfA * squaresOfB);
  }
}
