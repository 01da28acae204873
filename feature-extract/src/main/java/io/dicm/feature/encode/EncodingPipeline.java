package io.dicm.feature.encode;

/**
 * The way of batches of pictures through an encoder's network. The next batch is put together while
 * the network computes those before it, as many as {@link #depth} tells:
 *
 * <pre>{@code
 * pipeline.put(0, pixels);       // and so on, up to the size of a batch
 * pipeline.submit(count);
 * if (batches under way == pipeline.depth()) {
 *   float[][] vectors = pipeline.take();
 * }
 * }</pre>
 *
 * <p>Vectors come in the order of the batches. An error of a batch comes out of its submission, or,
 * where the network has computed beside the caller, when it is taken; batches before it can still
 * be taken. For one thread, the one that made it.
 */
public interface EncodingPipeline extends AutoCloseable {
  /** Batches that can be under way at a time, 1 or more. */
  int depth();

  /**
   * Puts a picture into the batch that is submitted next. Places that are not written keep what
   * they had.
   *
   * @param index place in the batch
   * @param pixels [3, height, width], as the encoder's preprocessing says; copied
   * @throws IllegalStateException when {@link #depth} batches are under way: one must be taken
   */
  void put(int index, float[] pixels);

  /**
   * Has the network compute the pictures that were put into the first places. After an error the
   * batch is not under way and can be put together again.
   *
   * @param count pictures, 1 to the size of a batch
   * @throws IllegalStateException when {@link #depth} batches are under way: one must be taken
   */
  void submit(int count);

  /**
   * Waits for the oldest batch that is under way, which after an error is not under way either.
   *
   * @return the vectors, [count][dimension], owned by the caller
   * @throws IllegalStateException when none is under way
   */
  float[][] take();

  /** Waits for what is under way, whose vectors are lost, and frees the memory of batches. */
  @Override
  void close();
}
