package io.dicm.feature.job;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decodes image files on threads of its own, a bounded number and a bounded number of bytes ahead
 * of whoever takes the pictures, which come in the order of the files. Used by one thread.
 */
final class DecodePipeline implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final Preparer preparer;
  private final int mostImages;
  private final long mostBytes;
  private final Duration patience;
  private final ExecutorService threads;
  private final Deque<Decoding> decodings = new ArrayDeque<>();
  private long bytes;

  /** Does the work on one file, on one of the threads. */
  @FunctionalInterface
  interface Preparer {
    /**
     * Decodes it.
     *
     * @param contentDigest SHA-256 of the file's bytes
     */
    PreparedImage prepare(InputImage image, String contentDigest);
  }

  private record Decoding(InputImage image, Future<PreparedImage> result) {}

  /**
   * @param threads that decode, 1 or more
   * @param mostImages files and pictures in it, 1 or more
   * @param mostBytes bytes of files in it; a single file may have more
   * @param patience longest wait for one picture; more than the decoder allows itself
   */
  DecodePipeline(
      Preparer preparer, int threads, int mostImages, long mostBytes, Duration patience) {
    this.preparer = preparer;
    this.mostImages = mostImages;
    this.mostBytes = mostBytes;
    this.patience = patience;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            work -> {
              Thread thread = new Thread(work, "decode-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Whether the image can be submitted before one is taken. */
  boolean hasRoomFor(InputImage image) {
    return decodings.isEmpty()
        || (decodings.size() < mostImages && bytes + image.bytes().length <= mostBytes);
  }

  boolean isEmpty() {
    return decodings.isEmpty();
  }

  /**
   * Has an image decoded, or lets its rejection through.
   *
   * @param contentDigest SHA-256 of its bytes
   */
  void submit(InputImage image, String contentDigest) {
    bytes += image.bytes().length;
    decodings.add(
        new Decoding(image, threads.submit(() -> preparer.prepare(image, contentDigest))));
  }

  /**
   * The next picture, in the order in which they were submitted; waits for it.
   *
   * @throws DicmException {@link ErrorCode#INTERNAL} when a decoder does not end: a thread cannot
   *     be stopped from outside, so the process has to be
   */
  PreparedImage take() throws InterruptedException {
    Decoding first = decodings.remove();
    bytes -= first.image().bytes().length;
    try {
      return first.result().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot decode "
              + first.image().path()
              + ": its decoder has not ended after "
              + patience.toSeconds()
              + " s. Take the file out of the input and report it.",
          e);
    } catch (ExecutionException e) {
      throw failure(first.image(), e.getCause());
    }
  }

  /** Ends the threads; pictures that were not taken are lost. */
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        return; // They are daemons: the process can end all the same.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The decoder rejects what is wrong with a file; whatever else comes is the process's trouble.
   */
  private static DicmException failure(InputImage image, Throwable cause) {
    if (cause instanceof Error error) {
      throw error; // Out of memory, most likely: the task has to fail as it would without threads.
    }
    return new DicmException(
        ErrorCode.INTERNAL, "Cannot decode " + image.path() + ": " + cause + ".", cause);
  }
}
