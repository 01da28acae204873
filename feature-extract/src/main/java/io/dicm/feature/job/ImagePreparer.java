package io.dicm.feature.job;

import io.dicm.feature.decode.DecodedImage;
import io.dicm.feature.decode.ImageDecoder;
import io.dicm.feature.decode.ImagePreprocessor;
import io.dicm.feature.decode.Picture;
import io.dicm.feature.decode.Preprocessing;
import io.dicm.feature.decode.RejectedImage;
import java.nio.FloatBuffer;

/** Makes an image file what the network takes. Safe for use by many threads. */
final class ImagePreparer implements DecodePipeline.Preparer {
  private final ImageDecoder decoder;
  private final Preprocessing preprocessing;
  private final ThreadLocal<ImagePreprocessor> preprocessor;

  ImagePreparer(ImageDecoder decoder, Preprocessing preprocessing) {
    this.decoder = decoder;
    this.preprocessing = preprocessing;
    this.preprocessor = ThreadLocal.withInitial(() -> new ImagePreprocessor(preprocessing));
  }

  /** Decodes and resamples a picture; lets through why a file was not read. */
  @Override
  public PreparedImage prepare(InputImage image, String contentDigest) {
    long start = System.nanoTime();
    DecodedImage decoded =
        image.rejection().<DecodedImage>map(r -> r).orElseGet(() -> decoder.decode(image.bytes()));
    if (decoded instanceof RejectedImage rejection) {
      return new PreparedImage.Rejected(
          image.imageId(), image.path(), System.nanoTime() - start, rejection);
    }
    Picture picture = (Picture) decoded;
    float[] pixels = new float[preprocessing.floats()];
    long hash = preprocessor.get().preprocess(picture, FloatBuffer.wrap(pixels), 0);
    return new PreparedImage.Pixels(
        image.imageId(),
        image.path(),
        System.nanoTime() - start,
        contentDigest,
        pixels,
        picture.width(),
        picture.height(),
        hash);
  }
}
