package io.dicm.trainer.bench;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.EpochSource;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Samples and vectors as the pipeline's stages left them.
 *
 * @param samples a run's samples directory
 * @param schema the features that the samples were made with
 * @param vectors of the day
 * @param seed of the order of samples
 * @param shuffleBuffer samples held for shuffling
 */
public record StoredData(
    Configuration conf,
    Path samples,
    FeatureSchema schema,
    FeatureSnapshot vectors,
    long seed,
    int shuffleBuffer)
    implements TrainingData {
  @Override
  public String description() {
    return samples.toString();
  }

  @Override
  public EpochSource samples(int worker, int workers) {
    return epoch ->
        SampleFiles.open(conf, train(), schema, worker, workers, seed, epoch, shuffleBuffer);
  }

  @Override
  public long impressions() {
    return SampleManifest.read(conf, samples).train().impressions();
  }

  @Override
  public long sampleBytes() {
    try {
      return train().getFileSystem(conf).getContentSummary(train()).getLength();
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot measure " + train() + ": " + e.getMessage(), e);
    }
  }

  private Path train() {
    return new Path(samples, "train");
  }
}
