package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TestComputeThread {
  /** A task that works on native memory does not hear an interrupt. */
  private static void awaitDeafly(CountDownLatch latch) {
    boolean opened = false;
    while (!opened) {
      try {
        opened = latch.await(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        // Deaf on purpose.
      }
    }
  }

  private static boolean waitsAgainAfterTheInterrupt(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING && !thread.isInterrupted();
  }

  @Test
  void anInterruptedCloserWaitsForTheRunningTask() throws Exception {
    ComputeThread compute = new ComputeThread("ams-test-compute");
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    compute.execute(
        () -> {
          running.countDown();
          awaitDeafly(release);
          ended.set(true);
        });
    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Boolean> interruptedAfterClose = new CompletableFuture<>();
    Thread closer =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              compute.close();
              assertThat(ended).isTrue();
              interruptedAfterClose.complete(Thread.currentThread().isInterrupted());
            },
            "closer");
    closer.start();
    await().atMost(20, TimeUnit.SECONDS).until(() -> waitsAgainAfterTheInterrupt(closer));
    assertThat(interruptedAfterClose).isNotDone();

    release.countDown();
    assertThat(interruptedAfterClose).succeedsWithin(20, TimeUnit.SECONDS).isEqualTo(true);
    closer.join(20_000);
  }
}
