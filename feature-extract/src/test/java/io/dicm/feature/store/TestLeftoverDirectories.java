package io.dicm.feature.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories of killed runs, as expiry meets them beside one partition. */
class TestLeftoverDirectories {
  private static final String DATE = "2026-01-02";
  private static final String UUID = "-0f8fad5b-d9cb-469f-a165-70867728950e";
  private static final String STAGING = "_staging-dt=" + DATE + UUID;
  private static final String ASIDE = "_old-dt=" + DATE + UUID;

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();
  private FeatureStore store;

  @BeforeEach
  void publish() throws IOException {
    store = FeatureStore.open(conf, new Path(new Path(folder.toUri()), "x"));
    new SmallExtraction(conf, store, SmallImages.extractor())
        .publish(DATE, SmallImages.of(0, 5, 1));
  }

  @Test
  void thoseOfLongAgoAreDeleted() throws IOException {
    write(STAGING + "/_temporary/0/part", Duration.ofHours(3));
    write(ASIDE + "/_SUCCESS", Duration.ofHours(3));

    FeatureMaintenance.Expiry done = expire();

    assertThat(done.filesDeleted()).isEqualTo(2);
    assertThat(done.bytesDeleted()).isEqualTo(20);
    assertThat(names()).containsExactly("dt=" + DATE);
    assertThat(store.snapshot(DATE).imageCount(bucket -> true)).isEqualTo(5);
  }

  @Test
  void oneInWhichATaskStillWritesStays() throws IOException {
    write(STAGING + "/_temporary/0/part", Duration.ZERO);
    Files.setLastModifiedTime(
        folder.resolve("x/" + STAGING), FileTime.from(Instant.now().minus(Duration.ofDays(9))));

    assertThat(expire().filesDeleted()).isZero();

    assertThat(names()).containsExactly(STAGING, "dt=" + DATE);
  }

  @Test
  void theOnlyCopyOfAPartitionStays() throws IOException {
    String only = "_old-dt=2026-01-01" + UUID;
    write(only + "/_SUCCESS", Duration.ofHours(3));

    assertThat(expire().filesDeleted()).isZero();

    assertThat(names()).containsExactly(only, "dt=" + DATE);
  }

  private FeatureMaintenance.Expiry expire() throws IOException {
    return new FeatureMaintenance(conf, store, Clock.systemUTC())
        .expire(LocalDate.parse("2026-01-10"), 0, 0, Duration.ofHours(1).toMillis());
  }

  /** Ten bytes; the directories get the file's age. */
  private void write(String name, Duration age) throws IOException {
    java.nio.file.Path file = folder.resolve("x/" + name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[10]);
    FileTime time = FileTime.from(Instant.now().minus(age));
    for (java.nio.file.Path path = file;
        !path.equals(folder.resolve("x"));
        path = path.getParent()) {
      Files.setLastModifiedTime(path, time);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("x"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
