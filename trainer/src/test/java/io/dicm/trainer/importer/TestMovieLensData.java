package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.samplejob.SamplesJob;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Import and samples of the real data.
 *
 * <p>Runs with {@code -Ddicm.test.args=-Ddicm.test.posters=DIRECTORY}.
 */
@EnabledIfSystemProperty(named = "dicm.test.posters", matches = ".+")
class TestMovieLensData {
  private static final Logger LOG = LoggerFactory.getLogger(TestMovieLensData.class);

  @TempDir private java.nio.file.Path directory;

  @Test
  void everyRatingBecomesASampleAndTheLastFifthIsForTesting() throws Exception {
    Path source = new Path(new java.io.File(System.getProperty("dicm.test.posters")).toURI());
    Configuration conf = new Configuration();
    conf.addResource("dicm-default.xml");
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "64");
    Path input = new Path(directory.resolve("input").toUri());
    Path samples = new Path(directory.resolve("samples").toUri());

    ImportSummary summary =
        new MovieLensImporter(conf, MovieLensFeatures.IDS)
            .run(source, new ImportTarget(input, false), ProgressListener.NONE);
    SampleManifest manifest = new SamplesJob(conf).run(input, samples, ProgressListener.NONE);

    LOG.info("{} {}", summary, manifest);
    assertThat(summary.impressions()).isEqualTo(89_730);
    assertThat(summary.images()).isEqualTo(3_569);
    assertThat(manifest.train().impressions() + manifest.test().impressions()).isEqualTo(89_730);
    assertThat(manifest.test().impressions()).isEqualTo(18_186);
    FeatureSchema schema = FeatureSchema.read(conf, new InputLayout(input).features());
    assertThat(read(conf, new Path(samples, "train"), schema))
        .isEqualTo(manifest.train().impressions());
  }

  private static long read(Configuration conf, Path split, FeatureSchema schema)
      throws IOException {
    long impressions = 0;
    ShuffleOptions shuffle = ShuffleOptions.ofSamples(65_536, 1);
    for (int epoch = 0; epoch < 5; epoch++) {
      long started = System.nanoTime();
      impressions = 0;
      try (SampleSource source = SampleFiles.open(conf, split, schema, 0, 1, epoch, shuffle)) {
        for (Sample sample = source.next(); sample != null; sample = source.next()) {
          impressions += sample.impressions().size();
        }
      }
      LOG.info("{} impressions in {} ms", impressions, (System.nanoTime() - started) / 1_000_000);
    }
    return impressions;
  }
}
