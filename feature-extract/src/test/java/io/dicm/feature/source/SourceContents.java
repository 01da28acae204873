package io.dicm.feature.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads a whole source for tests. */
final class SourceContents {
  private SourceContents() {}

  /** Contents as text by image_id; a rejection's detail for what was rejected. */
  static Map<String, String> of(ImageSource source) throws IOException {
    Map<String, String> images = new TreeMap<>();
    for (SourcePiece piece : pieces(source)) {
      try (ImageCursor cursor = source.open(piece)) {
        for (Optional<SourceImage> next = cursor.next(); next.isPresent(); next = cursor.next()) {
          SourceImage image = next.get();
          String content =
              image
                  .rejection()
                  .map(rejection -> rejection.detail())
                  .orElse(new String(image.bytes(), StandardCharsets.UTF_8));
          assertThat(images.put(image.imageId(), content)).as("twice: " + image).isNull();
        }
      }
    }
    return images;
  }

  static List<SourcePiece> pieces(ImageSource source) throws IOException {
    List<SourcePiece> pieces = new ArrayList<>();
    source.list(pieces::add);
    return pieces;
  }
}
