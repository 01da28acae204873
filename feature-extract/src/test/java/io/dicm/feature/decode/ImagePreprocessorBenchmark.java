package io.dicm.feature.decode;

import io.dicm.feature.bench.GeneratedPictures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One JPEG of 600 x 800 pixels: decoding it, and making a network's input of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ImagePreprocessorBenchmark {
  private static final long LARGE = 1 << 26;

  private final ImageDecoder decoder =
      new ImageDecoder(new DecodeLimits(LARGE, LARGE, LARGE, Duration.ofMinutes(1)));
  private final ImagePreprocessor preprocessor = new ImagePreprocessor();
  private final FloatBuffer input =
      ByteBuffer.allocateDirect(ImagePreprocessor.FLOATS * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
  private byte[] file;
  private Picture picture;

  @Setup
  public void makePicture() throws IOException {
    Path folder = Files.createTempDirectory("pictures");
    try {
      GeneratedPictures.write(folder, 1);
      Path written = folder.resolve("picture-000.jpg");
      file = Files.readAllBytes(written);
      Files.delete(written);
    } finally {
      Files.delete(folder);
    }
    picture = (Picture) decoder.decode(file);
  }

  @Benchmark
  public DecodedImage decode() {
    return decoder.decode(file);
  }

  @Benchmark
  public long preprocess() {
    return preprocessor.preprocess(picture, input, 0);
  }
}
