package io.dicm.it;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Ratings with posters as {@code import movielens} takes them: two films, two users. */
final class MovieLensDirectory {
  private MovieLensDirectory() {}

  static Path make(Path directory) throws IOException {
    Path images = Files.createDirectories(directory.resolve("images"));
    writePoster(images.resolve("7.jpg"), Color.ORANGE);
    writePoster(images.resolve("9.jpg"), Color.BLUE);
    Files.writeString(
        directory.resolve("items.csv"),
        "itemId,title,categories\n7,\"Seven, a film\",Drama|War\n9,Nine,Comedy\n");
    Files.writeString(
        directory.resolve("interactions.csv"),
        "userId,itemId,rating,timestamp\n1,7,4.0,100\n1,9,3.5,101\n2,7,5.0,99\n");
    return directory;
  }

  private static void writePoster(Path file, Color color) throws IOException {
    BufferedImage poster = new BufferedImage(60, 90, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < poster.getHeight(); y++) {
      for (int x = 0; x < poster.getWidth(); x++) {
        poster.setRGB(x, y, color.getRGB());
      }
    }
    ImageIO.write(poster, "jpg", file.toFile());
  }
}
