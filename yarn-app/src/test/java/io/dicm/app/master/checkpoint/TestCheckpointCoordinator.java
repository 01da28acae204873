package io.dicm.app.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCheckpointCoordinator {
  private static final String APPLICATION = "application_1_0002";

  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);
  private final CheckpointParts parts = new CheckpointParts(conf);
  private CheckpointStore store;

  @BeforeEach
  void open() throws IOException {
    store = new CheckpointStore(conf, new Path(folder.toUri()), APPLICATION);
  }

  @Test
  void commitsWhenAllServersHaveWritten() throws IOException {
    CheckpointCoordinator coordinator = coordinator(1, 0, 2);
    coordinator.reported(List.of(-1L, -1L));
    write(1, 0, 100);
    coordinator.reported(List.of(100L, -1L));
    assertThat(store.steps()).isEmpty();
    write(1, 1, 100);

    coordinator.reported(List.of(100L, 100L));
    coordinator.reported(List.of(100L, 100L));

    assertThat(store.steps()).containsExactly(100L);
    Checkpoint checkpoint = Checkpoint.open(conf, store.directory(100));
    assertThat(checkpoint.manifest().steps()).isEqualTo(100);
    assertThat(checkpoint.manifest().seed()).isEqualTo(CheckpointParts.IDENTITY.seed());
    assertThat(checkpoint.manifest().parts()).hasSize(2);
    assertThat(CheckpointOrigin.read(conf, store.directory(100))).isEqualTo(CheckpointParts.ORIGIN);
  }

  /**
   * Server 0 was told of only when it had written two: what is behind both is whole all the same.
   */
  @Test
  void aServerThatIsAheadHasWrittenWhatTheOtherHas() throws IOException {
    CheckpointCoordinator coordinator = coordinator(1, 0, 2);
    for (long steps : new long[] {100, 200}) {
      write(1, 0, steps);
    }
    write(1, 1, 100);

    coordinator.reported(List.of(200L, 100L));

    assertThat(store.steps()).containsExactly(100L);
    assertThat(staged(1)).containsExactly("step=000000000200");
  }

  @Test
  void whatNobodySawCompleteIsRemoved() throws IOException {
    CheckpointCoordinator coordinator = coordinator(1, 0, 2);
    for (long steps : new long[] {100, 200, 300}) {
      write(1, 0, steps);
      write(1, 1, steps);
    }

    coordinator.reported(List.of(300L, 300L));

    assertThat(store.steps()).containsExactly(300L);
    assertThat(staged(1)).isEmpty();
  }

  @Test
  void keepsTheNewest() throws IOException {
    CheckpointCoordinator coordinator = coordinator(1, 0, 2);
    for (long steps : new long[] {100, 200, 300}) {
      write(1, 0, steps);
      write(1, 1, steps);
      coordinator.reported(List.of(steps, steps));
    }

    assertThat(store.steps()).containsExactly(200L, 300L);
  }

  /** A process of incarnation 1 that nobody could stop writes on. */
  @Test
  void aLateWriterOfAnEarlierIncarnationHarmsNobody() throws IOException {
    CheckpointCoordinator second = coordinator(2, 100, 2);
    write(2, 0, 200);
    write(2, 1, 200);
    write(1, 0, 200);

    second.reported(List.of(200L, 200L));
    write(1, 1, 200);

    assertThat(store.staging(1)).isNotEqualTo(store.staging(2));
    assertThat(Checkpoint.open(conf, store.directory(200)).manifest().parts()).hasSize(2);
    store.deleteStaging();
    assertThat(folder.resolve(APPLICATION).toFile().list()).containsExactly("step=000000000200");
  }

  @Test
  void whatItBeganWithIsNotCommittedAgain() throws IOException {
    CheckpointCoordinator second = coordinator(2, 100, 2);
    write(2, 0, 100);
    write(2, 1, 100);

    second.reported(List.of(100L, 100L));

    assertThat(store.steps()).isEmpty();
  }

  @Test
  void aMissingPartIsAFailure() throws IOException {
    write(1, 0, 100);

    assertThatThrownBy(() -> coordinator(1, 0, 2).reported(List.of(100L, 100L)))
        .hasMessageContaining("parts/part-00001.json")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORE_CORRUPT);
    assertThat(store.steps()).isEmpty();
  }

  @Test
  void aFileSystemThatRefusesIsAFailure() throws IOException {
    Files.createDirectories(folder.resolve(APPLICATION));
    Files.writeString(folder.resolve(APPLICATION).resolve("_staging-epoch=1"), "a file");

    assertThatThrownBy(() -> coordinator(1, 0, 2).reported(List.of(100L)))
        .hasMessageStartingWith("Cannot commit the checkpoint of step 100: ")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.STORAGE_FAILED);
  }

  private CheckpointCoordinator coordinator(long epoch, long committed, int kept) {
    return new CheckpointCoordinator(
        conf,
        store,
        new CheckpointSettings(100, kept, Duration.ZERO),
        CheckpointParts.IDENTITY,
        CheckpointParts.ORIGIN,
        epoch,
        committed);
  }

  private void write(long epoch, int server, long steps) throws IOException {
    parts.write(store.staging(epoch), server, 2, steps);
  }

  private String[] staged(long epoch) {
    return new java.io.File(store.staging(epoch).toUri()).list();
  }
}
