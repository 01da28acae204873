package io.dicm.trainer.report;

import java.util.Base64;
import java.util.Optional;

/**
 * Writes pictures into the page itself.
 *
 * @param pictures those that are to be had
 */
record PictureMarkup(Pictures pictures) {
  /** The picture with its name below it; the name alone where there is no picture. */
  void write(Markup out, ShownImage image) {
    Optional<byte[]> jpeg = pictures.of(image);
    if (jpeg.isPresent()) {
      out.empty(
          "img",
          "src",
          "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg.get()),
          "alt",
          "picture " + image.label(),
          "title",
          image.label());
    } else {
      out.element("span", image.label(), "class", "nopicture");
    }
  }
}
