package io.dicm.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.bench.LayoutFigures.LookUps;
import io.dicm.trainer.importer.CatalogueParameters;
import io.dicm.trainer.importer.GeneratedCatalogue;
import io.dicm.trainer.importer.ImportTarget;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.samplejob.SamplesJob;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class TestLayoutComparison {
  private static final Logger LOG = LoggerFactory.getLogger(TestLayoutComparison.class);

  private final Configuration conf = new Configuration();

  @TempDir private java.nio.file.Path directory;

  /**
   * With 30 behaviours a user: 5.9 times fewer bytes than flat rows in our order, in which
   * neighbours repeat each other so closely that ZSTD takes much of the difference away, and 11.5
   * times fewer than flat rows in random order, as flat training data is stored that its readers do
   * not shuffle. At least five times is wanted; it holds against either.
   */
  @Test
  void theGeneratedCatalogueTakesFewerBytesThanFlat() throws Exception {
    conf.addResource("dicm-default.xml");
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "16");
    conf.set(DicmKeys.SAMPLES_MAX_BEHAVIORS, "30");
    Path input = path("input");
    Path samples = path("samples");
    new GeneratedCatalogue(conf, new CatalogueParameters(60, 60, 24_000, 10, 5))
        .run(new ImportTarget(input, false), ProgressListener.NONE);
    new SamplesJob(conf).run(input, samples, ProgressListener.NONE);
    StepData data =
        new StepData(
            new InputLayout(input).features().toString(),
            new Path(samples, "train").toString(),
            "",
            1);

    LayoutFigures figures = compare(data, 1024);

    LOG.info("{} ratios {} {}", figures, figures.flatRatio(), figures.shuffledRatio());
    assertThat(figures.impressions()).isBetween(19_000L, 19_200L);
    assertThat(figures.shuffledRatio()).isGreaterThan(10);
    assertThat(figures.flatRatio()).isGreaterThan(5);
    assertThat(figures.flat().images()).isGreaterThan(20 * figures.impressions());
    assertThat(figures.bySample().images()).isLessThan(figures.flat().images() / 3);
    assertThat(figures.byBatch().images()).isLessThan(figures.bySample().images() / 10);
  }

  /** Two users, three ratings each, of few films: counted by hand from what the shape says. */
  @Test
  void countsLookUps() throws Exception {
    StepData data = new GeneratedSamples(2, 3, 1, 0).write(conf, path("generated"), 1);

    LayoutFigures figures = compare(data, 100);

    assertThat(figures.samples()).isEqualTo(6);
    assertThat(figures.impressions()).isEqualTo(6);
    assertThat(figures.flat()).isEqualTo(new LookUps(6, 6 * 3));
    assertThat(figures.bySample()).isEqualTo(figures.flat());
    assertThat(figures.byBatch()).as("one film, two users").isEqualTo(new LookUps(1, 2 + 2));
  }

  private LayoutFigures compare(StepData data, int batchSize) throws Exception {
    java.nio.file.Path folder = Files.createTempDirectory(directory, "layout");
    return new LayoutComparison(conf, data.schema(conf), new Path(data.samples()))
        .run(new Path(folder.toUri()), batchSize, ShuffleOptions.ofSamples(1000, 1));
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }
}
