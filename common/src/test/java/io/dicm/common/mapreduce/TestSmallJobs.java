package io.dicm.common.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestSmallJobs {
  private static final int MIB = 1 << 20;

  private final Configuration conf = new Configuration();

  @TempDir private java.nio.file.Path folder;

  @BeforeEach
  void setUp() {
    conf.addResource("dicm-default.xml");
    conf.set("mapreduce.framework.name", "yarn");
  }

  @Test
  void theLimitItselfIsSmallAndAByteMoreIsNot() throws IOException {
    Path limit = file("limit", MIB);
    Path byteMore = file("more", MIB + 1);

    assertThat(new SmallJobs(1).admit(conf, List.of(limit))).isTrue();
    assertThat(new SmallJobs(1).admit(conf, List.of(byteMore))).isFalse();
    assertThat(new SmallJobs(2).admit(conf, List.of(byteMore))).isTrue();
  }

  @Test
  void allInputsCountWithAllTheirFiles() throws IOException {
    Path table = file("table/day=1/part-0", MIB / 2).getParent().getParent();
    Path other = file("other", MIB / 2);
    assertThat(new SmallJobs(1).admit(conf, List.of(table, other))).isTrue();

    file("table/day=2/part-0", 1);

    assertThat(new SmallJobs(1).admit(conf, List.of(table, other))).isFalse();
  }

  @Test
  void noJobIsSmallWithoutALimit() throws IOException {
    assertThat(new SmallJobs(0).admit(conf, List.of(file("empty", 0)))).isFalse();
  }

  @Test
  void theClusterSaysThatAnInputIsMissing() {
    Path missing = new Path(folder.resolve("missing").toUri());

    assertThat(new SmallJobs(1).admit(conf, List.of(missing))).isFalse();
  }

  @Test
  void nothingChangesWhereAllJobsAreLocal() throws IOException {
    Path small = file("small", 1);
    conf.set("mapreduce.framework.name", "local");
    assertThat(new SmallJobs(1).admit(conf, List.of(small))).isFalse();

    conf.unset("mapreduce.framework.name");

    assertThat(new SmallJobs(1).admit(conf, List.of(small))).as("Hadoop's default").isFalse();
  }

  /** Tasks would read them once more, and go to disks that are not theirs. */
  @Test
  void finalValuesOfTheClusterAreObeyed() throws IOException {
    conf.addResource(
        new ByteArrayInputStream(
            ("<configuration><property><name>mapreduce.cluster.local.dir</name>"
                    + "<value>/data/1</value><final>true</final></property></configuration>")
                .getBytes(StandardCharsets.UTF_8)));

    assertThat(new SmallJobs(1).admit(conf, List.of(file("small", 1)))).isFalse();
  }

  @Test
  void sixteenMebibytesUnlessConfigured() {
    assertThat(SmallJobs.of(conf)).isEqualTo(new SmallJobs(16));
    conf.set(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, "1024");
    assertThat(SmallJobs.of(conf)).isEqualTo(new SmallJobs(1024));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1025", "all"})
  void refusesOtherLimits(String value) {
    conf.set(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, value);

    assertThatThrownBy(() -> SmallJobs.of(conf))
        .hasMessageContaining("dicm.mapreduce.local-input-mb: was '" + value + "'")
        .hasMessageContaining("0 to 1024")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  private Path file(String name, long bytes) throws IOException {
    java.nio.file.Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      content.setLength(bytes);
    }
    return new Path(file.toUri());
  }
}
