package io.dicm.trainer.report;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.feature.decode.DecodeLimits;
import io.dicm.feature.decode.DecodedImage;
import io.dicm.feature.decode.ImageDecoder;
import io.dicm.feature.decode.Picture;
import io.dicm.feature.source.ImageCursor;
import io.dicm.feature.source.ImageSource;
import io.dicm.feature.source.ImageSources;
import io.dicm.feature.source.SourceImage;
import io.dicm.feature.source.SourcePiece;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * Gets pictures from where the extraction had them, whatever kind of source that is. Of files that
 * hold many images no more than {@value #MOST_BYTES} bytes are read.
 */
final class PictureReader {
  private static final long MOST_BYTES = 2L << 30;
  private static final int SIDE = 96;

  private final Configuration conf;

  /**
   * @param conf names the source, as for the extraction
   */
  PictureReader(Configuration conf) {
    this.conf = conf;
  }

  /** Small pictures of these images, as far as they are to be had. */
  Pictures read(Set<String> imageIds) throws IOException {
    Map<String, byte[]> jpegs = new HashMap<>();
    String trouble = "";
    if (conf.getTrimmed(DicmKeys.INPUT_PATH, "").isEmpty()
        && conf.getTrimmed(DicmKeys.EXTRACT_IMAGES, "").isEmpty()) {
      trouble =
          "Pictures are not shown: the report was made without --input, the directory that they are in.";
    } else {
      try {
        new Search(imageIds, jpegs).run(ImageSources.of(conf));
      } catch (DicmException e) {
        trouble = e.getMessage();
      }
    }
    if (trouble.isEmpty() && jpegs.size() < imageIds.size()) {
      trouble =
          "Of %d pictures %d could not be found or read; their image_id stands for them."
              .formatted(imageIds.size(), imageIds.size() - jpegs.size());
    }
    return new Pictures(jpegs, trouble);
  }

  /** One pass over the source. */
  private final class Search {
    private final Set<String> wanted;
    private final Map<String, byte[]> jpegs;
    private final Thumbnail thumbnail = new Thumbnail(SIDE);
    private final ImageDecoder decoder =
        new ImageDecoder(DecodeLimits.of(DicmConfiguration.of(conf), 1));
    private long bytesLeft = MOST_BYTES;

    Search(Set<String> wanted, Map<String, byte[]> jpegs) {
      this.wanted = wanted;
      this.jpegs = jpegs;
    }

    void run(ImageSource source) throws IOException {
      source.list(piece -> visit(source, piece));
    }

    private void visit(ImageSource source, SourcePiece piece) throws IOException {
      Optional<String> only = source.imageId(piece);
      if (jpegs.size() == wanted.size() || (only.isPresent() && !wanted.contains(only.get()))) {
        return;
      }
      if (only.isEmpty()) {
        bytesLeft -= piece.length();
        if (bytesLeft < 0) {
          return;
        }
      }
      try (ImageCursor images = source.open(piece)) {
        for (Optional<SourceImage> image = images.next();
            image.isPresent() && jpegs.size() < wanted.size();
            image = images.next()) {
          take(image.get());
        }
      }
    }

    private void take(SourceImage image) throws IOException {
      if (wanted.contains(image.imageId()) && image.rejection().isEmpty()) {
        DecodedImage decoded = decoder.decode(image.bytes());
        if (decoded instanceof Picture picture) {
          jpegs.put(image.imageId(), thumbnail.jpeg(picture));
        }
      }
    }
  }
}
