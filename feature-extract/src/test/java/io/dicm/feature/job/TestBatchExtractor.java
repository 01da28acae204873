package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.encode.EncodingPipeline;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.encode.ImageEncoder;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TestBatchExtractor {
  private static final long MUCH = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<String> output = new ArrayList<>();
  private final AtomicInteger rejected = new AtomicInteger();
  private final List<Integer> batches = new ArrayList<>();

  /** A vector is the picture's first number. */
  private static class FirstNumber implements ImageEncoder {
    @Override
    public ExtractorDescription description() {
      return new ExtractorDescription("first", "first", "none", "none", 1, "float32");
    }

    @Override
    public float[][] encode(FloatBuffer batch, int count) {
      float[][] vectors = new float[count][1];
      for (int i = 0; i < count; i++) {
        vectors[i][0] = batch.get(i * ImagePreprocessor.FLOATS);
      }
      return vectors;
    }

    @Override
    public void close() {}
  }

  /** As on a GPU: a batch is computed when it is taken, another one may be under way. */
  private static class Ahead extends FirstNumber {
    private final List<String> events = new ArrayList<>();
    private final Deque<float[][]> underWay = new ArrayDeque<>();

    /** What the network makes of a batch's first numbers. */
    float[][] compute(float[][] numbers) {
      return numbers;
    }

    @Override
    public EncodingPipeline pipeline(int batchSize) {
      float[] numbers = new float[batchSize];
      return new EncodingPipeline() {
        @Override
        public int depth() {
          return 2;
        }

        @Override
        public void put(int index, float[] pixels) {
          assertThat(underWay).hasSizeLessThan(depth());
          numbers[index] = pixels[0];
        }

        @Override
        public void submit(int count) {
          assertThat(underWay).hasSizeLessThan(depth());
          float[][] vectors = new float[count][1];
          for (int i = 0; i < count; i++) {
            vectors[i][0] = numbers[i];
          }
          underWay.add(vectors);
          events.add("submit " + count);
        }

        @Override
        public float[][] take() {
          events.add("take");
          return compute(underWay.remove());
        }

        @Override
        public void close() {
          events.add("close with " + underWay.size());
        }
      };
    }
  }

  private final ExtractListener listener =
      new ExtractListener() {
        @Override
        public void rejected(RejectionReason reason) {
          rejected.incrementAndGet();
        }

        @Override
        public void encoded(int images, BatchTimes times) {
          batches.add(images);
        }
      };

  @ParameterizedTest
  @CsvSource({"1,1,1", "1,4,5", "3,4,7", "4,2,20", "2,8,3"})
  void keepsTheOrderOfFilesAndFillsBatches(int threads, int batchSize, int ahead) throws Exception {
    // The later of two neighbours is often done first.
    AtomicLong work = new AtomicLong();
    DecodePipeline.Preparer uneven =
        (image, digest) -> {
          int number = number(image);
          work.addAndGet(new Random(number).ints(number % 2 == 0 ? 50_000 : 1).sum());
          return number % 5 == 3 ? rejection(image) : picture(image);
        };

    try (DecodePipeline pipeline = new DecodePipeline(uneven, threads, ahead, MUCH, PATIENCE)) {
      extract(pipeline, new FirstNumber(), batchSize, 50);
    }

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      if (i % 5 != 3) {
        expected.add(i + "=" + (float) i);
      }
    }
    assertThat(output.stream().filter(line -> !line.endsWith("EMPTY")).toList())
        .isEqualTo(expected);
    assertThat(output).contains("3 EMPTY", "48 EMPTY").hasSize(50);
    assertThat(rejected).hasValue(10);
    assertThat(batches.subList(0, batches.size() - 1)).containsOnly(batchSize);
    assertThat(batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
  }

  @Test
  void aVectorThatIsNoNumberIsARejection() throws Exception {
    ImageEncoder overflowing =
        new FirstNumber() {
          @Override
          public float[][] encode(FloatBuffer batch, int count) {
            float[][] vectors = super.encode(batch, count);
            for (float[] vector : vectors) {
              vector[0] =
                  switch ((int) vector[0]) {
                    case 1 -> Float.NaN;
                    case 2 -> Float.NEGATIVE_INFINITY;
                    default -> vector[0];
                  };
            }
            return vectors;
          }
        };

    try (DecodePipeline pipeline = new DecodePipeline(this::prepare, 1, 3, MUCH, PATIENCE)) {
      extract(pipeline, overflowing, 2, 4);
    }

    assertThat(output)
        .containsExactly("0=0.0", "1 VECTOR_NOT_FINITE", "2 VECTOR_NOT_FINITE", "3=3.0");
    assertThat(rejected).hasValue(2);
    assertThat(batches).as("vectors that count").containsExactly(1, 1);
  }

  @Test
  void aBatchIsTakenWhenTheNextOneIsUnderWay() throws Exception {
    Ahead network = new Ahead();

    try (DecodePipeline pipeline = new DecodePipeline(this::prepare, 2, 4, MUCH, PATIENCE)) {
      extract(pipeline, network, 2, 7);
    }

    assertThat(network.events)
        .containsExactly(
            "submit 2",
            "submit 2",
            "take",
            "submit 2",
            "take",
            "submit 1",
            "take",
            "take",
            "close with 0");
    assertThat(output)
        .containsExactly("0=0.0", "1=1.0", "2=2.0", "3=3.0", "4=4.0", "5=5.0", "6=6.0");
    assertThat(batches).containsExactly(2, 2, 2, 1);
  }

  @Test
  void vectorsAreThoseOfTheirOwnPicturesAlsoWhenLaterOnesAreUnderWay() throws Exception {
    Ahead network =
        new Ahead() {
          @Override
          float[][] compute(float[][] numbers) {
            for (float[] vector : numbers) {
              vector[0] = vector[0] == 2 ? Float.NaN : vector[0];
            }
            return numbers;
          }
        };

    try (DecodePipeline pipeline = new DecodePipeline(this::prepare, 1, 3, MUCH, PATIENCE)) {
      extract(pipeline, network, 2, 6);
    }

    assertThat(output)
        .containsExactly("0=0.0", "1=1.0", "2 VECTOR_NOT_FINITE", "3=3.0", "4=4.0", "5=5.0");
    assertThat(batches).containsExactly(2, 1, 2);
  }

  @Test
  void aBatchThatFailsLeavesNoOtherBehind() {
    Ahead network =
        new Ahead() {
          @Override
          float[][] compute(float[][] numbers) {
            if (numbers[0][0] == 2) {
              throw new IllegalStateException("illegal memory access");
            }
            return numbers;
          }
        };

    assertThatThrownBy(
            () -> {
              try (DecodePipeline pipeline =
                  new DecodePipeline(this::prepare, 1, 3, MUCH, PATIENCE)) {
                extract(pipeline, network, 2, 20);
              }
            })
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("illegal memory access");
    assertThat(output).containsExactly("0=0.0", "1=1.0");
    assertThat(network.events)
        .containsExactly("submit 2", "submit 2", "take", "submit 2", "take", "close with 1");
  }

  @Test
  void decodesTheNextBatchWhileTheNetworkComputes() throws Exception {
    int batchSize = 4;
    AtomicInteger decoded = new AtomicInteger();
    CountDownLatch twoBatches = new CountDownLatch(2 * batchSize);
    DecodePipeline.Preparer counting =
        (image, digest) -> {
          decoded.incrementAndGet();
          twoBatches.countDown();
          return picture(image);
        };
    List<Boolean> came = new ArrayList<>();
    ImageEncoder waiting =
        new FirstNumber() {
          @Override
          public float[][] encode(FloatBuffer batch, int count) {
            try {
              came.add(twoBatches.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return super.encode(batch, count);
          }
        };

    try (DecodePipeline pipeline = new DecodePipeline(counting, 1, batchSize + 1, MUCH, PATIENCE)) {
      extract(pipeline, waiting, batchSize, 5 * batchSize);
    }

    assertThat(came).hasSize(5).doesNotContain(false);
    assertThat(decoded).hasValue(5 * batchSize);
  }

  @Test
  void neverHoldsMoreFilesOrBytesThanAllowed() throws Exception {
    try (DecodePipeline pipeline = new DecodePipeline(this::prepare, 1, 3, 100, PATIENCE)) {
      pipeline.submit(image(0, 60), "");
      assertThat(pipeline.hasRoomFor(image(1, 40))).isTrue();
      assertThat(pipeline.hasRoomFor(image(1, 41))).isFalse();
      pipeline.submit(image(1, 1), "");
      pipeline.submit(image(2, 1), "");
      assertThat(pipeline.hasRoomFor(image(3, 0))).isFalse();
      pipeline.take();
      assertThat(pipeline.hasRoomFor(image(3, 98))).isTrue();
      pipeline.take();
      pipeline.take();
      assertThat(pipeline.isEmpty()).isTrue();
      assertThat(pipeline.hasRoomFor(image(4, 1000))).as("one alone may be larger").isTrue();
    }
  }

  @Test
  void anEncoderThatLosesAVectorIsRefused() {
    ImageEncoder losing =
        new FirstNumber() {
          @Override
          public float[][] encode(FloatBuffer batch, int count) {
            return Arrays.copyOf(super.encode(batch, count), count - 1);
          }
        };

    assertThatThrownBy(
            () -> {
              try (DecodePipeline pipeline =
                  new DecodePipeline(this::prepare, 1, 4, MUCH, PATIENCE)) {
                extract(pipeline, losing, 2, 4);
              }
            })
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID))
        .hasMessageContaining("it gave 1 vectors for 2 pictures");
  }

  @Test
  void aDecodersErrorFailsTheTask() {
    DecodePipeline.Preparer failing =
        (image, digest) -> {
          if (number(image) == 5) {
            throw new IllegalStateException("no such color");
          }
          return picture(image);
        };

    assertThatThrownBy(
            () -> {
              try (DecodePipeline pipeline = new DecodePipeline(failing, 2, 4, MUCH, PATIENCE)) {
                extract(pipeline, new FirstNumber(), 2, 10);
              }
            })
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessageContaining("Cannot decode dir/5.png: ")
        .hasMessageContaining("no such color");
  }

  @Test
  void runningOutOfMemoryStaysWhatItIs() {
    DecodePipeline.Preparer failing =
        (image, digest) -> {
          throw new OutOfMemoryError("heap");
        };

    assertThatThrownBy(
            () -> {
              try (DecodePipeline pipeline = new DecodePipeline(failing, 1, 4, MUCH, PATIENCE)) {
                extract(pipeline, new FirstNumber(), 2, 10);
              }
            })
        .isInstanceOf(OutOfMemoryError.class);
  }

  @Test
  void aDecoderThatDoesNotEndFailsTheTaskAndNamesTheFile() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    DecodePipeline.Preparer hanging =
        (image, digest) -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.incrementAndGet();
          }
          return picture(image);
        };

    try (DecodePipeline pipeline = new DecodePipeline(hanging, 1, 4, MUCH, Duration.ofMillis(50))) {
      pipeline.submit(image(7, 1), "");
      assertThatThrownBy(pipeline::take)
          .isInstanceOf(DicmException.class)
          .hasMessageContaining("Cannot decode dir/7.png: its decoder has not ended");
    }
    assertThat(interrupted).as("close ends the thread").hasValue(1);
  }

  private void extract(DecodePipeline pipeline, ImageEncoder encoder, int batchSize, int images)
      throws IOException, InterruptedException {
    try (BatchExtractor extractor =
        new BatchExtractor(pipeline, encoder, batchSize, this::write, listener)) {
      for (int i = 0; i < images; i++) {
        extractor.add(image(i, 1), "digest");
      }
      extractor.finish();
    }
  }

  private void write(ExtractedImage image) {
    output.add(
        image
            .feature()
            .map(feature -> image.imageId() + "=" + feature.feature()[0])
            .orElseGet(() -> image.imageId() + " " + image.rejection().orElseThrow().reason()));
  }

  private PreparedImage prepare(InputImage image, String contentDigest) {
    return picture(image);
  }

  private static InputImage image(int number, int bytes) {
    return InputImage.of(Integer.toString(number), "dir/" + number + ".png", new byte[bytes]);
  }

  private static int number(InputImage image) {
    return Integer.parseInt(image.imageId());
  }

  private static PreparedImage picture(InputImage image) {
    float[] pixels = new float[ImagePreprocessor.FLOATS];
    pixels[0] = number(image);
    return new PreparedImage.Pixels(image.imageId(), image.path(), 1, "digest", pixels, 2, 1, 0);
  }

  private static PreparedImage rejection(InputImage image) {
    return new PreparedImage.Rejected(
        image.imageId(), image.path(), 1, new RejectedImage(RejectionReason.EMPTY, "nothing"));
  }
}
