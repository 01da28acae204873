package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.encode.EncoderProviders;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
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
  void mappersAskForGpusWhenToldTo() throws Exception {
    Configuration conf = configuration();
    configure(conf);
    assertThat(conf.get("mapreduce.map.resource.yarn.io/gpu")).isNull();

    conf.setInt(DicmKeys.EXTRACT_GPUS, 2);
    configure(conf);

    assertThat(conf.get("mapreduce.map.resource.yarn.io/gpu")).isEqualTo("2");
  }

  @Test
  void aLargeBatchHasItsDirectBufferWhateverTheHeap() throws Exception {
    Configuration conf = configuration();
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 1024);

    configure(conf);

    assertThat(conf.get("mapreduce.map.java.opts"))
        .as("1024 pictures of 3 * 224 * 224 floats, 588 MiB, and 32 more")
        .contains("-Xmx512m -XX:MaxDirectMemorySize=620m ");
    conf.setInt(DicmKeys.EXTRACT_MAP_MEMORY_MB, 1131);
    assertThatThrownBy(() -> memory(conf).requireFits(settings(conf)))
        .hasMessageContaining("dicm.extract.batch-size=1024 needs about 1132 MiB");
    conf.setInt(DicmKeys.EXTRACT_MAP_MEMORY_MB, 1132);
    assertThatCode(() -> memory(conf).requireFits(settings(conf))).doesNotThrowAnyException();
  }

  @Test
  void aModulesFileTellsWhatMemoryItNeeds() throws Exception {
    Path module = folder.resolve("module.pt");
    try (RandomAccessFile file = new RandomAccessFile(module.toFile(), "rw")) {
      file.setLength(100L << 20);
    }
    Files.writeString(
        folder.resolve("module.pt.json"),
        "{\"input\": [512, 512], \"mean\": [0, 0, 0], \"std\": [1, 1, 1], "
            + "\"resize\": \"stretch\", \"dimension\": 8}");
    Configuration conf = configuration();
    conf.set(DicmKeys.EXTRACT_ENCODER, "torchscript");
    conf.set(DicmKeys.EXTRACT_WEIGHTS, module.toUri().toString());
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 4);

    MapMemory memory = memory(conf);

    assertThat(memory.directMb()).as("4 pictures of 3 MiB").isEqualTo(12 + 32);
    assertThat(memory.nativeMb())
        .as("libtorch, the module twice, layers")
        .isEqualTo(330 + 2 * 100 + 16 * 12);
  }

  private static void configure(Configuration conf) throws IOException {
    ExtractTasks.configure(conf, settings(conf), memory(conf));
  }

  private static MapMemory memory(Configuration conf) throws IOException {
    return MapMemory.of(conf, settings(conf), EncoderProviders.configured(conf));
  }

  private static ExtractSettings settings(Configuration conf) {
    return ExtractSettings.of(DicmConfiguration.of(conf));
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
