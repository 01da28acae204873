package io.dicm.feature.bench;

import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.encode.EncodingPipeline;
import io.dicm.feature.encode.ImageEncoder;
import io.dicm.feature.encode.Vgg16Encoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * VGG16's encoder on a device, in each precision that it computes in there: pictures a second by
 * way of the encoder's pipeline, as an extraction has it, from preprocessed pictures in the
 * processor's memory to vectors there, and how near a lower precision's vectors are to float32's.
 * No picture is decoded. For one thread.
 */
public final class DeviceVgg16 {
  /** As many as PyTorch's program beside it has: a GPU's clocks rise only under work. */
  private static final int GPU_WARM_UP_BATCHES = 5;

  private static final String FLOAT32 = "float32";
  private static final long SEED = 1;

  private final Vgg16Encoders encoders;
  private final ComputeDevice device;
  private final int batchSize;
  private final int batches;

  /**
   * What one precision does.
   *
   * @param precision as {@code dicm.extract.precision} names it
   * @param usesKernel whether a kernel of our own computed what follows each convolution
   * @param picturesPerSecond whole batches, put together one after the other by the calling thread
   * @param devicePicturesPerSecond the same without putting batches together: what the device does
   *     with copies of batches that lie ready; empty on the processor, where it is no different
   * @param leastCosine of a picture's vector in this precision and in float32, the smallest of a
   *     batch; 1 for float32 itself
   */
  public record Rate(
      String precision,
      boolean usesKernel,
      double picturesPerSecond,
      OptionalDouble devicePicturesPerSecond,
      double leastCosine) {}

  /**
   * @param encoders on that device
   * @param pictures that are measured, rounded up to whole batches
   */
  public DeviceVgg16(Vgg16Encoders encoders, ComputeDevice device, int batchSize, int pictures) {
    this.encoders = encoders;
    this.device = device;
    this.batchSize = batchSize;
    this.batches = (pictures + batchSize - 1) / batchSize;
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
    float[][] pictures = null;
    float[][] exact = null;
    List<Rate> rates = new ArrayList<>();
    List<String> precisions = precisions(device);
    for (String precision : precisions) {
      progress.progress(rates.size(), precisions.size(), "VGG16 in " + precision);
      try (Vgg16Encoder encoder = encoders.open(precision)) {
        if (pictures == null) {
          pictures = pictures(encoder.preprocessing().floats());
        }
        Encoding encoding = new Encoding(encoder, pictures);
        double rate = encoding.rate(true);
        OptionalDouble ofDevice =
            device.isProcessor() ? OptionalDouble.empty() : OptionalDouble.of(encoding.rate(false));
        exact = exact == null ? encoding.vectors : exact;
        rates.add(
            new Rate(
                precision,
                encoder.usesKernel(),
                rate,
                ofDevice,
                leastCosine(encoding.vectors, exact)));
      }
    }
    return rates;
  }

  /** One precision's pipeline and the vectors that came out of it last. */
  private final class Encoding {
    private final ImageEncoder encoder;
    private final float[][] pictures;
    private float[][] vectors = {};

    private Encoding(ImageEncoder encoder, float[][] pictures) {
      this.encoder = encoder;
      this.pictures = pictures;
    }

    /** Pictures a second, with batches put together each time or only once. */
    private double rate(boolean putEachTime) {
      try (EncodingPipeline pipeline = encoder.pipeline(batchSize)) {
        // Each of the pipeline's batches has its pictures, and the convolutions are chosen.
        run(pipeline, device.isProcessor() ? pipeline.depth() : GPU_WARM_UP_BATCHES, true);
        long start = System.nanoTime();
        run(pipeline, batches, putEachTime);
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        return batches * (double) batchSize / seconds;
      }
    }

    private void run(EncodingPipeline pipeline, int count, boolean puts) {
      int underWay = 0;
      for (int i = 0; i < count; i++) {
        for (int picture = 0; puts && picture < batchSize; picture++) {
          pipeline.put(picture, pictures[picture]);
        }
        pipeline.submit(batchSize);
        underWay++;
        if (underWay == pipeline.depth()) {
          vectors = pipeline.take();
          underWay--;
        }
      }
      for (; underWay > 0; underWay--) {
        vectors = pipeline.take();
      }
    }
  }

  /** Pixels as preprocessing leaves them: around zero, of about one deviation. */
  private float[][] pictures(int floatsOfOne) {
    float[][] pictures = new float[batchSize][floatsOfOne];
    SplittableRandom random = new SplittableRandom(SEED);
    for (float[] picture : pictures) {
      for (int i = 0; i < floatsOfOne; i++) {
        picture[i] = (float) (2 * random.nextDouble(Math.sqrt(3)) - Math.sqrt(3));
      }
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
