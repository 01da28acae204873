package io.dicm.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPictureReader {
  private final Configuration conf = new Configuration();

  @TempDir java.nio.file.Path directory;

  @BeforeEach
  void configure() {
    conf.addResource("dicm-default.xml");
    conf.set(DicmKeys.INPUT_PATH, directory.toUri().toString());
  }

  @Test
  void picturesOfAFolderBecomeSmallOnes() throws IOException {
    file("wide.png", png(400, 200));
    file("deep/tall.png", png(30, 300));
    file("small.png", png(10, 5));
    file("other.png", png(10, 5));

    Pictures pictures = new PictureReader(conf).read(Set.of("wide", "deep/tall", "small"));

    assertThat(pictures.jpegs()).containsOnlyKeys("wide", "deep/tall", "small");
    assertThat(pictures.trouble()).isEmpty();
    assertSize(pictures, "wide", 96, 48);
    assertSize(pictures, "deep/tall", 10, 96);
    assertSize(pictures, "small", 10, 5);
    BufferedImage wide = read(pictures, "wide");
    assertThat(new Color(wide.getRGB(10, 24)).getRed()).isGreaterThan(200);
    assertThat(new Color(wide.getRGB(85, 24)).getBlue()).isGreaterThan(200);
  }

  @Test
  void whatIsMissingOrBrokenIsCounted() throws IOException {
    file("good.png", png(20, 20));
    file("broken.png", "no picture".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    Pictures pictures = new PictureReader(conf).read(Set.of("good", "broken", "missing"));

    assertThat(pictures.jpegs()).containsOnlyKeys("good");
    assertThat(pictures.trouble())
        .isEqualTo("Of 3 pictures 2 could not be found or read; their image_id stands for them.");
  }

  @Test
  void picturesInFilesOfManyAreFound() throws IOException {
    Path file = new Path(directory.resolve("images").toUri() + "/pictures.seq");
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(file),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class))) {
      writer.append(new Text("a"), new BytesWritable(png(50, 50)));
      writer.append(new Text("b"), new BytesWritable(png(192, 96)));
    }

    Pictures pictures = new PictureReader(conf).read(Set.of("b"));

    assertThat(pictures.jpegs()).containsOnlyKeys("b");
    assertSize(pictures, "b", 96, 48);
  }

  @Test
  void withoutAnInputItSaysHowToGetPictures() throws IOException {
    conf.set(DicmKeys.INPUT_PATH, "");

    Pictures pictures = new PictureReader(conf).read(Set.of("a"));

    assertThat(pictures.jpegs()).isEmpty();
    assertThat(pictures.trouble()).contains("--input");
  }

  @Test
  void anInputWithoutPicturesIsSaid() throws IOException {
    Pictures pictures = new PictureReader(conf).read(Set.of("a"));

    assertThat(pictures.jpegs()).isEmpty();
    assertThat(pictures.trouble()).contains("images");
  }

  private void file(String name, byte[] bytes) throws IOException {
    java.nio.file.Path file = directory.resolve("images").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static void assertSize(Pictures pictures, String id, int width, int height)
      throws IOException {
    BufferedImage image = read(pictures, id);
    assertThat(image.getWidth()).isEqualTo(width);
    assertThat(image.getHeight()).isEqualTo(height);
  }

  private static BufferedImage read(Pictures pictures, String id) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(pictures.jpegs().get(id)));
  }

  /** Red on the left, blue on the right. */
  static byte[] png(int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, width / 2, height);
    graphics.setColor(Color.BLUE);
    graphics.fillRect(width / 2, 0, width - width / 2, height);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
