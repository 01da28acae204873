package io.dicm.feature.bench;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.FileDigest;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.encode.EncoderProvider;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ImageEncoder;
import io.dicm.feature.job.BatchExtractor;
import io.dicm.feature.job.ExtractListener;
import io.dicm.feature.job.ExtractedImage;
import io.dicm.feature.job.InputImage;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/**
 * What a map task does, without MapReduce: reads picture files, decodes them, computes their
 * vectors with the configured encoder and serialises them. For one thread.
 */
public final class ContainerRun {
  private final Configuration conf;
  private final MeasuredExtraction plan;

  /** Adds up what batches took. */
  private static final class Sum implements ExtractListener {
    private long pictures;
    private long rejected;
    private long encodeNanos;
    private long waitNanos;
    private long decodeNanos;

    @Override
    public void rejected(RejectionReason reason) {
      rejected++;
    }

    @Override
    public void encoded(int images, BatchTimes times) {
      pictures += images;
      encodeNanos += times.encodeNanos();
      waitNanos += times.waitNanos();
      decodeNanos += times.decodeNanos();
    }

    private ExtractRate rate(long nanos) {
      return new ExtractRate(
          pictures,
          rejected,
          seconds(nanos),
          seconds(encodeNanos),
          seconds(waitNanos),
          seconds(decodeNanos),
          0);
    }

    private static double seconds(long nanos) {
      return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
  }

  /**
   * @param conf as a map task has it: encoder, threads, batches, limits
   */
  public ContainerRun(Configuration conf, MeasuredExtraction plan) {
    this.conf = conf;
    this.plan = plan;
  }

  /**
   * Measures.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is no picture
   */
  public ExtractRate measure() throws IOException, InterruptedException {
    List<Path> files = files();
    EncoderProvider provider = EncoderProviders.configured(conf);
    try (ImageEncoder encoder = provider.open(conf, provider.describe(conf))) {
      extract(encoder, files, plan.warmUpPictures());
      ExtractRate rate = extract(encoder, files, plan.pictures());
      if (rate.pictures() == 0) {
        throw none("no file in it is a picture");
      }
      return rate;
    }
  }

  private ExtractRate extract(ImageEncoder encoder, List<Path> files, int count)
      throws IOException, InterruptedException {
    Sum sum = new Sum();
    DataOutputStream out = new DataOutputStream(OutputStream.nullOutputStream());
    long start = System.nanoTime();
    try (BatchExtractor extractor =
        BatchExtractor.start(
            DicmConfiguration.of(conf), encoder, (ExtractedImage image) -> image.write(out), sum)) {
      for (int i = 0; i < count; i++) {
        Path file = files.get(i % files.size());
        byte[] bytes = Files.readAllBytes(file);
        InputImage image = InputImage.of("image-" + i, file.toString(), bytes);
        extractor.add(image, FileDigest.sha256(bytes));
      }
      extractor.finish();
    }
    return sum.rate(System.nanoTime() - start);
  }

  private List<Path> files() throws IOException {
    Path folder = Path.of(plan.folder());
    if (!Files.isDirectory(folder)) {
      throw none("it is not a folder on this machine");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          entries
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .limit(Math.max(plan.pictures(), plan.warmUpPictures()))
              .toList();
      if (files.isEmpty()) {
        throw none("it has no files");
      }
      return files;
    }
  }

  private DicmException none(String why) {
    return new DicmException(
        ErrorCode.INPUT_MISSING,
        "Cannot measure extraction on the pictures in " + plan.folder() + ": " + why + ".");
  }
}
