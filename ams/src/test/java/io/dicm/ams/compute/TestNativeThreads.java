package io.dicm.ams.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TestNativeThreads {
  /** Helpers compute on one thread each, and say so to the whole process. */
  @Test
  void aThreadKeepsItsNumberWhenACrewHelpsIt() throws Exception {
    CompletableFuture<Integer> number = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              NativeThreads.use(2);
              CountDownLatch both = new CountDownLatch(2);
              try (ComputeCrew crew = new ComputeCrew("test-helper-", 2)) {
                Runnable piece = () -> meet(both);
                crew.run(List.of(piece, piece));
              }
              number.complete(torch.get_num_threads());
            },
            "test-computing");
    thread.start();

    assertThat(number.get(30, TimeUnit.SECONDS)).isEqualTo(2);
    thread.join();
    NativeThreads.use(1);
  }

  private static void meet(CountDownLatch both) {
    both.countDown();
    try {
      assertThat(both.await(20, TimeUnit.SECONDS)).as("a helper took a piece").isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
