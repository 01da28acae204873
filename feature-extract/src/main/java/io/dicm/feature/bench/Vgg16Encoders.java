package io.dicm.feature.bench;

import io.dicm.feature.encode.Vgg16Encoder;
import java.io.IOException;

/** Opens the encoders that are measured. */
@FunctionalInterface
public interface Vgg16Encoders {
  /**
   * An encoder on the measured device.
   *
   * @param precision as {@code dicm.extract.precision} names it
   * @return the caller closes it
   */
  Vgg16Encoder open(String precision) throws IOException;
}
