package io.dicm.feature.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two writers of one day: the one that is later fails and destroys nothing. */
class TestPartitionCommit {
  private static final String DATE = "2026-01-02";

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();
  private FeatureStore store;
  private SmallExtraction extraction;

  @BeforeEach
  void open() {
    store = FeatureStore.open(conf, new Path(new Path(folder.toUri()), "x"));
    extraction = new SmallExtraction(conf, store, SmallImages.extractor());
  }

  @Test
  void anUpdateOfABaseThatWasReplacedMeanwhileFails() throws IOException {
    extraction.publish(DATE, SmallImages.of(0, 5, 1));
    FeatureBase base = load();
    extraction.publish(DATE, SmallImages.of(5, 9, 2));

    assertConflict(() -> publishForgetting(base, "image 3"));

    assertThat(ids()).hasSize(9).contains("image 3", "image 8");
    assertThat(maintenance().verify(DATE)).isEmpty();
    publishForgetting(load(), "image 3");
    assertThat(ids()).as("run again").hasSize(8).doesNotContain("image 3");
  }

  @Test
  void anUpdateOfABaseThatWasCompactedMeanwhileFails() throws IOException {
    extraction.publish("2026-01-01", SmallImages.of(0, 5, 1));
    extraction.publish(DATE, SmallImages.of(3, 9, 2));
    FeatureBase base = load();
    maintenance().compact(1, Set.of("image 0"));

    assertConflict(() -> publishForgetting(base, "image 3"));

    assertThat(ids()).hasSize(8).doesNotContain("image 0");
  }

  @Test
  void twoFirstPublicationsLeaveTheFirst() throws IOException {
    FeatureBase base = load();
    extraction.publish(DATE, SmallImages.of(0, 5, 1));

    assertConflict(() -> publishForgetting(base, "image 3"));

    assertThat(ids()).hasSize(5);
    assertThat(names()).containsExactly("dt=" + DATE);
  }

  @Test
  void aFirstPublicationFailsWhenThePartitionAppearsAtTheLastMoment() throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, store.partition(DATE))) {
      extraction.publish(DATE, SmallImages.of(0, 5, 1));

      assertThatThrownBy(publisher::publishNew)
          .isInstanceOf(org.apache.hadoop.fs.FileAlreadyExistsException.class);
    }

    assertThat(ids()).hasSize(5);
    assertThat(names()).containsExactly("dt=" + DATE);
    assertThat(maintenance().verify(DATE)).isEmpty();
  }

  @Test
  void aDayThatExpiredMeanwhileIsNotPublished() throws IOException {
    extraction.publish("2026-01-01", SmallImages.of(0, 5, 1));
    extraction.publish(DATE, SmallImages.of(3, 9, 2));
    FeatureBase base = load();
    new UnusedFiles(conf, store, Clock.systemUTC()).retire(DATE);

    assertConflict(() -> publishForgetting(base, "image 3"));
  }

  @Test
  void anIncompletePartitionIsReplaced() throws IOException {
    Files.createDirectories(folder.resolve("x/dt=" + DATE + "/half"));

    extraction.publish(DATE, SmallImages.of(0, 5, 1));

    assertThat(ids()).hasSize(5);
    assertThat(names()).containsExactly("dt=" + DATE);
    assertThat(folder.resolve("x/dt=" + DATE + "/half")).doesNotExist();
  }

  @Test
  void aDamagedManifestIsReplaced() throws IOException {
    extraction.publish(DATE, SmallImages.of(0, 5, 1));
    // Hadoop's checksum of the local file stays.
    Files.writeString(folder.resolve("x/dt=" + DATE + "/_manifest.json"), "{");

    extraction.publish(DATE, SmallImages.of(0, 3, 1));

    assertThat(ids()).hasSize(3);
  }

  private FeatureBase load() throws IOException {
    return FeatureBase.load(conf, store, DATE, SmallImages.extractor(), Verification.LENGTHS);
  }

  private void publishForgetting(FeatureBase base, String imageId) throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, store.partition(DATE))) {
      FeatureUpdate update =
          new FeatureUpdate(conf, store, base, SmallImages.extractor(), DATE, publisher.staging());
      update.forget(imageId);
      update.publish(publisher, "digest", "limits", Map.of());
    }
  }

  private static void assertConflict(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUTPUT_EXISTS))
        .hasMessageContaining("dt=" + DATE + " since this one began. Run it again");
  }

  private FeatureMaintenance maintenance() {
    return new FeatureMaintenance(conf, store, Clock.systemUTC());
  }

  private List<String> ids() throws IOException {
    List<String> ids = new ArrayList<>();
    store.snapshot(DATE).scan(bucket -> true, image -> ids.add(image.imageId()));
    return ids;
  }

  private List<String> names() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("x"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
