package io.dicm.feature.job;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
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

/** Splits a {@link ListingFile} of images into {@code dicm.internal.extract.splits} ranges. */
public final class ImageInputFormat extends InputFormat<NullWritable, InputImage> {

  @Override
  public List<InputSplit> getSplits(JobContext context) throws IOException {
    Configuration conf = context.getConfiguration();
    Path listing = new Path(conf.get(ExtractJobKeys.LISTING));
    Path images = new Path(conf.get(ExtractJobKeys.IMAGES));
    TokenCache.obtainTokensForNamenodes(
        context.getCredentials(), new Path[] {listing, images}, conf);
    return ListingFile.splits(conf, listing, conf.getInt(ExtractJobKeys.SPLITS, 1));
  }

  @Override
  public RecordReader<NullWritable, InputImage> createRecordReader(
      InputSplit split, TaskAttemptContext context) {
    long maxBytes =
        DicmConfiguration.of(context.getConfiguration())
            .nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES);
    return new WholeImageReader(maxBytes);
  }
}
