package io.dicm.feature.encode;

import io.dicm.feature.decode.ImagePreprocessor;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * One kind of encoder, found by {@link java.util.ServiceLoader} and chosen by {@code
 * dicm.extract.encoder}. A new kind is one class and one line in {@code META-INF/services}.
 */
public interface EncoderProvider {
  /** The value of {@code dicm.extract.encoder} that chooses this kind. */
  String name();

  /**
   * Describes the encoder that the configuration asks for, without loading the network; checks what
   * can be checked cheaply. Called once a job, where the job is submitted.
   *
   * @throws io.dicm.common.error.DicmException when the weights are missing or do not fit
   */
  ExtractorDescription describe(Configuration conf) throws IOException;

  /**
   * What a process with this encoder needs beside its Java heap and the batch in a direct buffer,
   * MiB, about; a job whose containers are smaller fails before it starts. 0: not known.
   *
   * @param batchSize pictures of a forward pass
   */
  default int nativeMemoryMb(Configuration conf, int batchSize) throws IOException {
    return 0;
  }

  /** Bytes of one picture as the network takes it: floats in the batch's direct buffer. */
  default long pictureBytes(Configuration conf) throws IOException {
    return (long) Float.BYTES * ImagePreprocessor.FLOATS;
  }

  /** Whether it encodes pictures; else it only names vectors that were imported. */
  default boolean encodesPictures() {
    return true;
  }

  /**
   * Makes the encoder. Called once a map task.
   *
   * @param description what {@link #describe} returned
   */
  ImageEncoder open(Configuration conf, ExtractorDescription description) throws IOException;
}
