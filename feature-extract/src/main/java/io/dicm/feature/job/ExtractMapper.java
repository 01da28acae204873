package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ImageEncoder;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;

/** Gives images that are known their vectors, and has those of the others computed. */
public final class ExtractMapper
    extends Mapper<NullWritable, InputImage, ImageKey, ExtractedImage> {
  private ImageEncoder encoder;
  private BatchExtractor extractor;
  private KnownDigests known;
  private Set<String> forgotten;
  private long startedNanos;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    known = KnownDigests.load(conf);
    forgotten = Tombstones.read(conf, conf.get(ExtractJobKeys.FORGOTTEN, ""));
    WeightsCache.use(conf);
    encoder = EncoderProviders.configured(conf).open(conf, TaskSettings.extractor(conf));
    extractor =
        BatchExtractor.start(
            DicmConfiguration.of(conf),
            encoder,
            image -> write(image, context),
            new TaskCounters(context));
    startedNanos = System.nanoTime();
  }

  @Override
  protected void map(NullWritable ignored, InputImage image, Context context)
      throws IOException, InterruptedException {
    if (forgotten.contains(image.imageId())) {
      context.getCounter(ExtractCounter.IMAGES_FORGOTTEN).increment(1);
      return;
    }
    String contentDigest = FileDigest.sha256(image.bytes());
    if (image.rejection().isEmpty() && known.contains(contentDigest)) {
      context.getCounter(ExtractCounter.IMAGES_REUSED).increment(1);
      write(ExtractedImage.known(image.imageId(), image.path(), contentDigest), context);
    } else {
      extractor.add(image, contentDigest);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    extractor.finish();
    context
        .getCounter(ExtractCounter.MAP_MS)
        .increment(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
  }

  @Override
  public void run(Context context) throws IOException, InterruptedException {
    try {
      super.run(context);
    } finally {
      try {
        if (extractor != null) {
          extractor.close();
        }
      } finally {
        if (encoder != null) {
          encoder.close();
        }
      }
    }
  }

  private static void write(ExtractedImage image, Context context)
      throws IOException, InterruptedException {
    context.write(new ImageKey(Fingerprints.imageKey(image.imageId())), image);
  }
}
