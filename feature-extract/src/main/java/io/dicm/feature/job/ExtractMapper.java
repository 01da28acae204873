package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ImageEncoder;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;

/** Gives images that are known their vectors, and has those of the others computed. */
public final class ExtractMapper
    extends Mapper<NullWritable, InputImage, ImageKey, ExtractedImage> {
  private ImageEncoder encoder;
  private BatchExtractor extractor;
  private KnownVectors known;

  @Override
  protected void setup(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    known = KnownVectors.load(conf, imageIds(context));
    encoder = EncoderProviders.configured(conf).open(conf, TaskSettings.extractor(conf));
    extractor =
        BatchExtractor.start(
            DicmConfiguration.of(conf),
            encoder,
            image -> write(image, context),
            new TaskCounters(context));
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
      extractor.add(image, contentDigest);
    }
  }

  @Override
  protected void cleanup(Context context) throws IOException, InterruptedException {
    extractor.finish();
  }

  @Override
  public void run(Context context) throws IOException, InterruptedException {
    try {
      super.run(context);
    } finally {
      if (extractor != null) {
        extractor.close();
      }
      if (encoder != null) {
        encoder.close();
      }
    }
  }

  /** The images of this task's split, when there is anything to look them up in. */
  private static Set<String> imageIds(Context context) throws IOException {
    Configuration conf = context.getConfiguration();
    if (conf.get(ExtractJobKeys.KNOWN_DATE, "").isEmpty()) {
      return Set.of();
    }
    FileSplit split = (FileSplit) context.getInputSplit();
    return ListingFile.read(conf, split.getPath(), split.getStart(), split.getLength()).stream()
        .map(name -> ImageFile.of(name, 0, 0).imageId())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void write(ExtractedImage image, Context context)
      throws IOException, InterruptedException {
    context.write(new ImageKey(Fingerprints.imageKey(image.imageId())), image);
  }
}
