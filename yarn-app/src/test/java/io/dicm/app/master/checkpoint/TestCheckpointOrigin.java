package io.dicm.app.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.submodel.MissingImages;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint says of its training, beside what is configured where it is read. */
class TestCheckpointOrigin {
  @TempDir java.nio.file.Path directory;

  private final Configuration conf = new Configuration(false);
  private Path checkpoint;

  @BeforeEach
  void write() throws Exception {
    checkpoint = new Path(directory.toUri());
    CheckpointParts.ORIGIN.write(conf, checkpoint);
  }

  @Test
  void itsOwnTrainingCountsAndNotWhatIsConfigured() {
    CheckpointOrigin read = CheckpointOrigin.read(conf, checkpoint);

    assertThat(read).isEqualTo(CheckpointParts.ORIGIN);
    assertThat(read.vectorPrecisionOr(VectorPrecision.FLOAT32)).isEqualTo(VectorPrecision.FLOAT16);
    assertThat(read.missingImagesOr(MissingImages.FAIL)).isEqualTo(MissingImages.ZERO);
  }

  @Test
  void anOlderVersionsIsReadAsConfigured() throws Exception {
    java.nio.file.Path file = directory.resolve("origin.json");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(file.toFile());
    assertThat(json.remove("missingImages")).isNotNull();
    assertThat(json.remove("vectorPrecision")).isNotNull();
    // Hadoop's local file system would compare it with the sum of what was written before.
    Files.deleteIfExists(directory.resolve(".origin.json.crc"));
    mapper.writeValue(file.toFile(), json);

    CheckpointOrigin read = CheckpointOrigin.read(conf, checkpoint);

    assertThat(read.vectorPrecisionOr(VectorPrecision.FLOAT32)).isEqualTo(VectorPrecision.FLOAT32);
    assertThat(read.missingImagesOr(MissingImages.FAIL)).isEqualTo(MissingImages.FAIL);
  }
}
