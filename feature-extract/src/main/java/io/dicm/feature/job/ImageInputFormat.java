package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.feature.source.ImageSources;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.InputFormat;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.security.TokenCache;

/** Splits the {@link ListingFile} of a source into ranges of pieces. */
public final class ImageInputFormat extends InputFormat<NullWritable, InputImage> {
  /** Makes it the input of a job whose staging directory has the listing. */
  static void configure(Configuration conf, ImageListing listing, Path file) {
    conf.set(ExtractJobKeys.LISTING, file.toString());
    conf.setLong(ExtractJobKeys.IMAGES, listing.images());
    conf.setLong(ExtractJobKeys.BYTES, listing.bytes());
    ImageSources.set(conf, listing.source());
  }

  @Override
  public List<InputSplit> getSplits(JobContext context) throws IOException {
    Configuration conf = context.getConfiguration();
    Path listing = new Path(conf.get(ExtractJobKeys.LISTING));
    TokenCache.obtainTokensForNamenodes(
        context.getCredentials(), new Path[] {listing, ImageSources.of(conf).location()}, conf);
    return ListingFile.splits(
        conf,
        listing,
        SplitPlan.of(DicmConfiguration.of(conf)),
        conf.getLong(ExtractJobKeys.IMAGES, 0),
        conf.getLong(ExtractJobKeys.BYTES, 0));
  }

  @Override
  public RecordReader<NullWritable, InputImage> createRecordReader(
      InputSplit split, TaskAttemptContext context) {
    return new WholeImageReader();
  }
}
