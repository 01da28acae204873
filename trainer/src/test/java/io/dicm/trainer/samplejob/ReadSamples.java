package io.dicm.trainer.samplejob;

import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A samples directory as read back, files in order. */
record ReadSamples(List<Sample> train, List<Sample> test) {
  /**
   * @param input the directory that the samples were made of
   * @param samples the one above {@code train/} and {@code test/}
   */
  static ReadSamples of(Configuration conf, Path input, Path samples) throws IOException {
    FeatureSchema schema = FeatureSchema.read(conf, new InputLayout(input).features());
    return new ReadSamples(
        read(conf, new Path(samples, "train"), schema),
        read(conf, new Path(samples, "test"), schema));
  }

  private static List<Sample> read(Configuration conf, Path split, FeatureSchema schema)
      throws IOException {
    List<Sample> samples = new ArrayList<>();
    try (SampleSource source = SampleFiles.sequential(conf, split, schema, 0, 1)) {
      for (Sample sample = source.next(); sample != null; sample = source.next()) {
        samples.add(sample);
      }
    }
    return samples;
  }
}
