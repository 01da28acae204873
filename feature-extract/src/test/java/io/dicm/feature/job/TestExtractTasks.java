package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.Job;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestExtractTasks {
  @TempDir Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void mappersAskForGpusWhenToldTo() {
    Configuration conf = configuration();
    ExtractTasks.configure(conf, ExtractSettings.of(DicmConfiguration.of(conf)));
    assertThat(conf.get("mapreduce.map.resource.yarn.io/gpu")).isNull();

    conf.setInt(DicmKeys.EXTRACT_GPUS, 2);
    ExtractTasks.configure(conf, ExtractSettings.of(DicmConfiguration.of(conf)));

    assertThat(conf.get("mapreduce.map.resource.yarn.io/gpu")).isEqualTo("2");
  }

  @Test
  void weightsAndTheirDescriptionGoIntoTheCache() throws Exception {
    Path weights = Files.writeString(folder.resolve("my model.pt"), "weights");
    Files.writeString(folder.resolve("my model.json"), "{}");
    Files.writeString(folder.resolve("my model.other"), "not needed");
    Configuration conf = configuration();
    conf.set("mapreduce.framework.name", "yarn");
    conf.set(DicmKeys.EXTRACT_WEIGHTS, weights.toString());
    Job job = Job.getInstance(conf);

    WeightsCache.add(job);

    assertThat(job.getCacheFiles())
        .extracting(uri -> uri.getPath() + " as " + uri.getFragment())
        .containsExactly(
            weights + " as dicm-weights-my model.pt",
            folder.resolve("my model.json") + " as dicm-weights-my model.json");
  }

  @Test
  void inLocalModeWeightsStayWhereTheyAre() throws Exception {
    Configuration conf = configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set(DicmKeys.EXTRACT_WEIGHTS, "/no/such/file");
    Job job = Job.getInstance(conf);

    WeightsCache.add(job);
    WeightsCache.use(job.getConfiguration());

    assertThat(job.getCacheFiles()).isNull();
    assertThat(job.getConfiguration().get(DicmKeys.EXTRACT_WEIGHTS)).isEqualTo("/no/such/file");
  }

  @Test
  void aTaskUsesTheNodesCopyIfThereIsOne() throws Exception {
    Configuration conf = configuration();
    conf.set(DicmKeys.EXTRACT_WEIGHTS, "hdfs://cluster/model.pt");
    conf.set(ExtractJobKeys.WEIGHTS_LINK, folder.resolve("dicm-weights-model.pt").toString());
    WeightsCache.use(conf);
    assertThat(conf.get(DicmKeys.EXTRACT_WEIGHTS)).isEqualTo("hdfs://cluster/model.pt");

    File copy = Files.createFile(folder.resolve("dicm-weights-model.pt")).toFile();
    WeightsCache.use(conf);

    assertThat(conf.get(DicmKeys.EXTRACT_WEIGHTS)).isEqualTo(copy.toURI().toString());
  }

  private Configuration configuration() {
    Configuration conf = new Configuration();
    conf.set(DicmKeys.INPUT_PATH, folder.toString());
    conf.set(DicmKeys.WORKSPACE_PATH, folder.toString());
    conf.set(DicmKeys.RUN_DATE, "2026-03-01");
    return conf;
  }
}
