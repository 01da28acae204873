package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestParallelFiles {
  private static final byte[] MUCH = new byte[1 << 23];

  @TempDir private Path directory;

  @Test
  void doesEveryFileOnce() throws Exception {
    List<Integer> files = IntStream.range(0, 100).boxed().toList();
    Set<Integer> done = ConcurrentHashMap.newKeySet();

    ParallelFiles.forEach(
        files, file -> assertThat(done.add(file)).isTrue(), "numbers", ProgressListener.NONE);

    assertThat(done).containsExactlyInAnyOrderElementsOf(files);
  }

  /** A copy goes on after its interrupt, and would make a directory that was just deleted. */
  @Test
  void failsOnlyWhenNoThreadWorksAnyMore() {
    CountDownLatch copying = new CountDownLatch(1);

    assertThatThrownBy(
            () ->
                ParallelFiles.forEach(
                    List.of("copied", "broken"),
                    file -> {
                      if (file.equals("broken")) {
                        awaitQuietly(copying);
                        throw new IOException("disk gone");
                      }
                      copying.countDown();
                      awaitQuietly(new CountDownLatch(1)); // Until the interrupt.
                      Files.write(directory.resolve(file), MUCH);
                    },
                    "copies",
                    ProgressListener.NONE))
        .isInstanceOf(IOException.class)
        .hasMessage("Failed at copies: disk gone");

    assertThat(directory.resolve("copied")).hasSize(MUCH.length);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.interrupted(); // As a stream that does not heed it.
    }
  }
}
