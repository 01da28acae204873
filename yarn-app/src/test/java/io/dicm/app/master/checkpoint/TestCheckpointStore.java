package io.dicm.app.master.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestCheckpointStore {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);
  private final CheckpointParts parts = new CheckpointParts(conf);

  @Test
  void newestIsThatOfTheMostSteps() throws IOException {
    CheckpointStore store = store("application_1_0002");
    assertThat(store.newest()).isEmpty();
    parts.commit(store, 900);
    parts.commit(store, 12_000);

    assertThat(store.newest().map(TestCheckpointStore::steps)).contains(12_000L);
  }

  /** It would be in the way when training comes to its step again. */
  @Test
  void aBrokenOneIsRemovedAndTheOneBeforeTaken() throws IOException {
    CheckpointStore store = store("application_1_0002");
    parts.commit(store, 100);
    parts.commit(store, 200);
    Files.delete(folder.resolve("application_1_0002/step=000000000200/dense/part-0"));

    assertThat(store.newest().map(TestCheckpointStore::steps)).contains(100L);
    assertThat(store.steps()).containsExactly(100L);
    parts.commit(store, 200);
    assertThat(store.newest().map(TestCheckpointStore::steps)).contains(200L);
  }

  @Test
  void oneWithoutItsMarkerIsNone() throws IOException {
    CheckpointStore store = store("application_1_0002");
    parts.commit(store, 100);
    Files.delete(folder.resolve("application_1_0002/step=000000000100/_SUCCESS"));

    assertThat(store.newest()).isEmpty();
  }

  /** They may be of other data under the same name. */
  @Test
  void anotherApplicationsAreNotGoneOnFrom() throws IOException {
    parts.commit(store("application_1_0001"), 500);

    assertThat(store("application_1_0002").newest()).isEmpty();
  }

  @Test
  void anotherApplicationsStayUntilThereIsANewerOne() throws IOException {
    parts.commit(store("application_1_0001"), 500);
    CheckpointStore store = store("application_1_0002");
    CheckpointStore later = store("application_1_0003");
    assertThat(folder.toFile().list()).containsExactly("application_1_0001");

    parts.commit(later, 5);
    assertThat(folder.toFile().list()).containsExactly("application_1_0003");
    parts.commit(store, 100);

    assertThat(folder.toFile().list())
        .as("one that began later is not an earlier one")
        .containsExactlyInAnyOrder("application_1_0002", "application_1_0003");
  }

  @Test
  void lastOfARunIsTheOneMadeLast() throws IOException {
    Path run = new Path(folder.toUri());
    assertThat(CheckpointStore.lastOf(conf, new Path(run, "none"))).isEmpty();
    CheckpointStore first = store("application_1_0001");
    CheckpointStore second = store("application_1_0002");
    parts.commit(second, 100);
    parts.commit(second, 200);
    parts.commit(first, 900);
    age(first.directory(900));

    assertThat(CheckpointStore.lastOf(conf, run).map(Path::getName))
        .isEqualTo(Optional.of("step=000000000200"));
  }

  private void age(Path checkpoint) throws IOException {
    checkpoint.getFileSystem(conf).setTimes(new Path(checkpoint, "_SUCCESS"), 1_000, -1);
  }

  private static long steps(Checkpoint checkpoint) {
    return checkpoint.manifest().steps();
  }

  private CheckpointStore store(String applicationId) throws IOException {
    return new CheckpointStore(conf, new Path(folder.toUri()), applicationId);
  }
}
