package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.decode.DecodedImage;
import io.dicm.feature.decode.ImageDecoder;
import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.decode.Picture;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ImageEncoder;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;

/** Decodes images and computes their vectors, a batch at a time. */
public final class ExtractMapper
    extends Mapper<NullWritable, InputImage, ImageKey, ExtractedImage> {
  private final Clock clock = Clock.systemUTC();
  private final ImagePreprocessor preprocessor = new ImagePreprocessor();
  private final List<Pending> pending = new ArrayList<>();
  private ImageDecoder decoder;
  private ImageEncoder encoder;
  private FloatBuffer batch;
  private int batchSize;
  private KnownVectors known;
  private long startedNanos;

  /** A picture in the batch, whose vector is still to come. */
  private record Pending(
      String imageId, String path, String contentDigest, int width, int height) {}

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    DicmConfiguration settings = DicmConfiguration.of(conf);
    decoder =
        new ImageDecoder(
            settings.nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES),
            settings.nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS));
    batchSize = settings.integer(DicmKeys.EXTRACT_BATCH_SIZE, 1, ExtractSettings.MOST_IN_BATCH);
    batch =
        ByteBuffer.allocateDirect(Float.BYTES * ImagePreprocessor.FLOATS * batchSize)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    known = KnownVectors.load(conf, imageIds(context));
    WeightsCache.use(conf);
    encoder = EncoderProviders.configured(conf).open(conf, TaskSettings.extractor(conf));
    startedNanos = System.nanoTime();
  }

  @Override
  protected void map(NullWritable ignored, InputImage image, Context context)
      throws IOException, InterruptedException {
    String contentDigest = FileDigest.sha256(image.bytes());
    Optional<FeatureRecord> earlier = known.find(image.imageId(), contentDigest);
    if (earlier.isPresent()) {
      context.getCounter(ExtractCounter.IMAGES_REUSED).increment(1);
      write(ExtractedImage.reused(image.path(), earlier.get()), context);
    } else {
      compute(image, contentDigest, context);
    }
  }

  private void compute(InputImage image, String contentDigest, Context context)
      throws IOException, InterruptedException {
    DecodedImage decoded =
        image.rejection().<DecodedImage>map(r -> r).orElseGet(() -> decoder.decode(image.bytes()));
    if (decoded instanceof Picture picture) {
      context.getCounter(ExtractCounter.IMAGES_DECODED).increment(1);
      preprocessor.preprocess(picture, batch, pending.size());
      pending.add(
          new Pending(
              image.imageId(), image.path(), contentDigest, picture.width(), picture.height()));
      if (pending.size() == batchSize) {
        encodePending(context);
      }
    } else if (decoded instanceof RejectedImage rejection) {
      context.getCounter(ExtractCounter.REJECTED_GROUP, rejection.reason().name()).increment(1);
      write(ExtractedImage.rejected(image.imageId(), image.path(), rejection), context);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    encodePending(context);
    context
        .getCounter(ExtractCounter.MAP_MS)
        .increment(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
  }

  @Override
  public void run(Context context) throws IOException, InterruptedException {
    try {
      super.run(context);
    } finally {
      if (encoder != null) {
        encoder.close();
      }
    }
  }

  private void encodePending(Context context) throws IOException, InterruptedException {
    if (pending.isEmpty()) {
      return;
    }
    long startNanos = System.nanoTime();
    float[][] vectors = encoder.encode(batch, pending.size());
    context
        .getCounter(ExtractCounter.ENCODE_MS)
        .increment(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    context.getCounter(ExtractCounter.BATCHES).increment(1);
    context.getCounter(ExtractCounter.IMAGES_ENCODED).increment(pending.size());
    long now = clock.millis();
    for (int i = 0; i < vectors.length; i++) {
      Pending image = pending.get(i);
      write(
          ExtractedImage.of(
              image.path(),
              new FeatureRecord(
                  image.imageId(),
                  Fingerprints.imageKey(image.imageId()),
                  image.contentDigest(),
                  vectors[i],
                  image.width(),
                  image.height(),
                  now)),
          context);
    }
    pending.clear();
    context.progress();
  }

  /** The images of this task's split, when there is anything to look them up in. */
  private static Set<String> imageIds(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    if (conf.get(ExtractJobKeys.KNOWN_DATE, "").isEmpty()) {
      return Set.of();
    }
    return ImageInputFormat.imageIds(conf, context.getInputSplit());
  }

  private static void write(ExtractedImage image, Context context)
      throws IOException, InterruptedException {
    context.write(new ImageKey(Fingerprints.imageKey(image.imageId())), image);
  }
}
