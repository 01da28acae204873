package io.dicm.feature.encode;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.UploadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Two batches on a GPU: while one is computed, the next is put together in pinned memory and copied
 * there, and the thread waits only for the vectors that it takes. So that a GPU is never without
 * work, a batch has to be put together in less time than one is computed. Holds the pictures and
 * vectors of two batches in pinned memory, and the pictures in the GPU's.
 *
 * <p>The network always computes whole batches: a smaller one is filled up with pictures of an
 * earlier one, which takes no longer than a batch, while libtorch would look for the fastest
 * convolutions of the other shape first. On the processor, which is for tests, everything is done
 * in {@link #submit}.
 */
final class DevicePipeline implements EncodingPipeline {
  private static final int DEPTH = 2;

  private final ComputeDevice device;
  private final int batchSize;
  private final Network network;
  private final UploadStream uploads;
  private final Deque<BatchSlot> free = new ArrayDeque<>();
  private final Deque<BatchSlot> underWay = new ArrayDeque<>();

  /** Computes vectors on a device, without waiting for them. */
  @FunctionalInterface
  interface Network {
    /**
     * Begins.
     *
     * @param pictures [batch, 3, height, width] on the device; they are not changed
     * @return [batch, dimension] of float32, within the caller's pointer scope
     */
    Tensor vectors(Tensor pictures);
  }

  /**
   * Makes the memory of the batches.
   *
   * @param network of the device, and of the thread that makes this
   */
  DevicePipeline(ComputeDevice device, BatchShape shape, Network network) {
    this.device = device;
    this.batchSize = shape.batchSize();
    this.network = network;
    this.uploads = device.uploads();
    try {
      for (int i = 0; i < DEPTH; i++) {
        free.add(new BatchSlot(device, shape));
      }
      // Uploads do not wait for what makes the memory they write to.
      device.finishStreamHere();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public int depth() {
    return DEPTH;
  }

  @Override
  public void put(int index, float[] pixels) {
    if (index < 0 || index >= batchSize) {
      throw new IndexOutOfBoundsException("Picture was " + index + " of " + batchSize);
    }
    next().put(index, pixels);
  }

  @Override
  public void submit(int count) {
    if (count < 1 || count > batchSize) {
      throw new IllegalArgumentException("Pictures were " + count + ", allowed 1 to " + batchSize);
    }
    BatchSlot slot = next();
    try (NoGradGuard noGradients = new NoGradGuard()) {
      slot.begin(count, uploads, network);
    } catch (RuntimeException e) {
      try {
        finish();
      } catch (RuntimeException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    underWay.add(free.remove());
  }

  @Override
  public float[][] take() {
    if (underWay.isEmpty()) {
      throw new IllegalStateException("No batch is under way");
    }
    BatchSlot slot = underWay.remove();
    free.add(slot);
    return slot.await();
  }

  @Override
  public void close() {
    try {
      if (!underWay.isEmpty()) {
        finish();
      }
    } finally {
      free.addAll(underWay);
      underWay.clear();
      free.forEach(BatchSlot::close);
      free.clear();
      uploads.close();
    }
  }

  /** The slot that is being filled. */
  private BatchSlot next() {
    if (free.isEmpty()) {
      throw new IllegalStateException(
          underWay.isEmpty()
              ? "The pipeline is closed"
              : DEPTH + " batches are under way: one has to be taken first");
    }
    return free.element();
  }

  /** Waits until no slot's memory is in use. */
  private void finish() {
    uploads.finish();
    device.finishStreamHere();
  }
}
