package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.decode.DecodeLimits;
import io.dicm.feature.decode.ImageDecoder;
import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.decode.Picture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Reports how near VGG16's vectors in bfloat16 come to those in float32 on a folder of pictures:
 *
 * <pre>
 * mvn test -pl feature-extract -am -Dtest=TestPrecisionOnPictures
 *   -Dsurefire.failIfNoSpecifiedTests=false -Ddicm.test.pictures=FOLDER
 *   [-Ddicm.test.weights=FILE] [-Ddicm.test.picture-count=100]
 * </pre>
 */
@EnabledIfSystemProperty(named = "dicm.test.pictures", matches = ".+")
class TestPrecisionOnPictures {
  private static final DecodeLimits LIMITS =
      new DecodeLimits(Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofMinutes(1));

  private static final int BATCH = 8;

  @Test
  void bfloat16AgainstFloat32() throws IOException {
    List<Path> files = pictures();
    for (String layer : List.of("fc6-relu", "fc6")) {
      float[][] plain = vectors(files, layer, "float32");
      float[][] half = vectors(files, layer, "bfloat16");
      double[] cosines = new double[plain.length];
      for (int i = 0; i < plain.length; i++) {
        double[] expected = new double[plain[i].length];
        for (int j = 0; j < expected.length; j++) {
          expected[j] = plain[i][j];
        }
        cosines[i] = TestVgg16Vectors.cosine(half[i], expected);
      }
      Arrays.sort(cosines);
      System.out.printf(
          Locale.ROOT,
          "%s: cosine of bfloat16 to float32 over %d pictures: least %.6f, 1st percentile %.6f,"
              + " median %.6f%n",
          layer,
          cosines.length,
          cosines[0],
          cosines[cosines.length / 100],
          cosines[cosines.length / 2]);
      // A floor against nonsense; whether it is near enough for a use is read from the figures.
      assertThat(cosines[0]).isGreaterThan(0.9);
    }
  }

  private static float[][] vectors(List<Path> files, String layer, String precision)
      throws IOException {
    DicmConfiguration.registerDefaults();
    Configuration conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_WEIGHTS, System.getProperty("dicm.test.weights", ""));
    conf.set(DicmKeys.EXTRACT_LAYER, layer);
    conf.set(DicmKeys.EXTRACT_PRECISION, precision);
    conf.setInt(DicmKeys.EXTRACT_THREADS, Runtime.getRuntime().availableProcessors());
    Vgg16EncoderProvider provider = new Vgg16EncoderProvider();
    ImageDecoder decoder = new ImageDecoder(LIMITS);
    try (ImageEncoder encoder = provider.open(conf, provider.describe(conf))) {
      ImagePreprocessor preprocessor = new ImagePreprocessor(encoder.preprocessing());
      FloatBuffer batch =
          ByteBuffer.allocateDirect(Float.BYTES * BATCH * encoder.preprocessing().floats())
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      float[][] vectors = new float[files.size()][];
      for (int start = 0; start < vectors.length; start += BATCH) {
        int count = Math.min(BATCH, vectors.length - start);
        for (int i = 0; i < count; i++) {
          byte[] bytes = Files.readAllBytes(files.get(start + i));
          preprocessor.preprocess((Picture) decoder.decode(bytes), batch, i);
        }
        System.arraycopy(encoder.encode(batch, count), 0, vectors, start, count);
      }
      return vectors;
    }
  }

  /** The first pictures by name that can be decoded. */
  private static List<Path> pictures() throws IOException {
    ImageDecoder decoder = new ImageDecoder(LIMITS);
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("dicm.test.pictures")))) {
      return files
          .sorted()
          .filter(file -> decodes(decoder, file))
          .limit(Integer.getInteger("dicm.test.picture-count", 100))
          .toList();
    }
  }

  private static boolean decodes(ImageDecoder decoder, Path file) {
    try {
      return Files.isRegularFile(file)
          && decoder.decode(Files.readAllBytes(file)) instanceof Picture;
    } catch (IOException e) {
      return false;
    }
  }
}
