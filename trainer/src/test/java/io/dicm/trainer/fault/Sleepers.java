package io.dicm.trainer.fault;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Wakes paused processes when their time has come, beside everything else that goes on. */
final class Sleepers implements AutoCloseable {
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "sleepers");
            thread.setDaemon(true);
            return thread;
          });
  private final List<CompletableFuture<Void>> wakings = new ArrayList<>();

  @FunctionalInterface
  private interface Waking {
    void run() throws IOException, InterruptedException;
  }

  /** Wakes a member that is to go on as if nothing had been. */
  void wakeAfter(long timeMs, Member member) {
    after(timeMs, member::resume);
  }

  /** Wakes a member whose epoch will be over, and waits for its end. */
  void wakeToEndAfter(long timeMs, Member member, Gang gang) {
    after(
        timeMs,
        () -> {
          member.resume();
          gang.awaitEndOfSleeper(member);
        });
  }

  private void after(long timeMs, Waking waking) {
    wakings.add(
        CompletableFuture.runAsync(
            () -> {
              try {
                waking.run();
              } catch (IOException e) {
                throw new AssertionError(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            CompletableFuture.delayedExecutor(timeMs, TimeUnit.MILLISECONDS, threads)));
  }

  /** Waits until all have woken up and all who were to end have ended; fails when one does not. */
  void awaitAll(long timeoutMs) throws InterruptedException {
    try {
      CompletableFuture.allOf(wakings.toArray(CompletableFuture[]::new))
          .get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("A paused process did not end as it should", e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("A paused process did not end within " + timeoutMs + " ms", e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
