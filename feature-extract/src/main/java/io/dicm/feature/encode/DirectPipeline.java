package io.dicm.feature.encode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** One batch at a time in a direct buffer, computed by the calling thread when it is submitted. */
final class DirectPipeline implements EncodingPipeline {
  private final ImageEncoder encoder;
  private final int floats;
  private final FloatBuffer batch;
  private float[][] vectors;

  /**
   * @param encoder stays open
   * @param batchSize pictures that the buffer has room for
   */
  DirectPipeline(ImageEncoder encoder, int batchSize) {
    this.encoder = encoder;
    this.floats = encoder.preprocessing().floats();
    this.batch =
        ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES * floats, batchSize))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  @Override
  public int depth() {
    return 1;
  }

  @Override
  public void put(int index, float[] pixels) {
    requireNoneUnderWay();
    batch.put(index * floats, pixels, 0, floats);
  }

  @Override
  public void submit(int count) {
    requireNoneUnderWay();
    vectors = encoder.encode(batch, count);
  }

  @Override
  public float[][] take() {
    if (vectors == null) {
      throw new IllegalStateException("No batch is under way");
    }
    float[][] taken = vectors;
    vectors = null;
    return taken;
  }

  @Override
  public void close() {
    vectors = null;
  }

  private void requireNoneUnderWay() {
    if (vectors != null) {
      throw new IllegalStateException("A batch is under way: it has to be taken first");
    }
  }
}
