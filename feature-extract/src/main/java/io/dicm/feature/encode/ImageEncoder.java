package io.dicm.feature.encode;

import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.decode.ResizeRule;
import java.nio.FloatBuffer;

/** Computes the vectors of preprocessed pictures. Not safe for use by many threads. */
public interface ImageEncoder extends AutoCloseable {
  /** What makes these vectors. */
  ExtractorDescription description();

  /** Length of a vector. */
  default int dimension() {
    return description().dimension();
  }

  /** How pictures are made ready for {@link #encode}. */
  default Preprocessing preprocessing() {
    return Preprocessing.imageNet(ResizeRule.STRETCH);
  }

  /** The name under which the vectors are stored. */
  default String extractorId() {
    return description().extractorId();
  }

  /**
   * Computes vectors. A picture's vector does not depend on the others of its batch, but for
   * rounding.
   *
   * @param batch a direct buffer in native byte order; the pictures, [count, 3, height, width] as
   *     {@link #preprocessing} says, from index 0 on; position and limit are ignored
   * @param count pictures in the batch, 1 or more
   * @return the vectors, [count][dimension], owned by the caller
   */
  float[][] encode(FloatBuffer batch, int count);

  /**
   * A way for many batches, whose vectors are those of {@link #encode}; an encoder that can have
   * one batch computed while the next is put together has one of its own. It is for the thread that
   * asks for it, and has to be closed before the encoder.
   *
   * @param batchSize pictures of a batch, at most; batches of fewer may take as long
   */
  default EncodingPipeline pipeline(int batchSize) {
    return new DirectPipeline(this, batchSize);
  }

  /** Frees native memory. */
  @Override
  void close();
}
