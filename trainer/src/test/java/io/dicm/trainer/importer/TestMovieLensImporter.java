package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestMovieLensImporter {
  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;
  private java.nio.file.Path source;
  private java.nio.file.Path target;

  @BeforeEach
  void setUp() throws IOException {
    source = directory.resolve("source");
    target = directory.resolve("target");
    Files.createDirectories(source.resolve("images"));
    Files.write(source.resolve("images/7.jpg"), new byte[] {1, 2, 3});
    Files.writeString(
        source.resolve("items.csv"),
        "itemId,title,categories\n7,\"Seven, a film\",Drama|War\n9,Nine,Comedy\n");
    Files.writeString(
        source.resolve("interactions.csv"),
        "userId,itemId,rating,timestamp\n1,7,4.0,100\n1,9,3.5,101\n2,7,5.0,99\n");
  }

  @Test
  void turnsRatingsIntoImpressions() throws Exception {
    ImportSummary summary = run(false);

    assertThat(summary).isEqualTo(new ImportSummary(2, 1, 2, 3, 2));
    assertThat(target.resolve("impressions.csv"))
        .hasContent("user_id,item_id,ts,label\n1,7,100,1\n1,9,101,0\n2,7,99,1\n");
    assertThat(target.resolve("items.csv"))
        .hasContent("item_id,image_id,category\n7,7,Drama|War\n9,,Comedy\n");
    assertThat(target.resolve("images/7.jpg")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(target.resolve("_SUCCESS")).exists();
    FeatureSchema schema =
        FeatureSchema.read(conf, new Path(target.resolve("features.json").toUri()));
    assertThat(schema.fields())
        .extracting(FeatureField::name)
        .containsExactly("user_id", "item_id", "image_id");
  }

  @Test
  void makesTheCategoryAFeatureIfAsked() throws Exception {
    run(MovieLensFeatures.IDS_AND_CATEGORY, false);

    assertThat(FeatureSchema.read(conf, new Path(target.resolve("features.json").toUri())).fields())
        .extracting(FeatureField::name)
        .containsExactly("user_id", "item_id", "image_id", "category");
  }

  @Test
  void keepsADirectoryThatHoldsSomethingUnlessAsked() throws Exception {
    Files.createDirectories(target);
    Files.writeString(target.resolve("mine.txt"), "mine");

    assertThatThrownBy(() -> run(false))
        .hasMessageContaining("it is there and not empty")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.OUTPUT_EXISTS);
    assertThat(target.resolve("mine.txt")).exists();

    run(true);
    assertThat(target.resolve("mine.txt")).doesNotExist();
    assertThat(target.resolve("items.csv")).exists();
  }

  @Test
  void namesAMissingFile() throws IOException {
    Files.delete(source.resolve("interactions.csv"));

    assertThatThrownBy(() -> run(false))
        .hasMessageContaining("interactions.csv: there is no such file")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
    assertThat(target).doesNotExist();
    assertThat(directory).isDirectoryNotContaining("glob:**/_staging*");
  }

  @Test
  void namesTheDirectoryWithoutPictures() throws IOException {
    Files.delete(source.resolve("images/7.jpg"));

    assertThatThrownBy(() -> run(false))
        .hasMessageContaining("there is no picture <itemId>.jpg in")
        .hasMessageContaining("source/images");
  }

  @Test
  void namesTheLineThatIsNoRating() throws IOException {
    Files.writeString(
        source.resolve("interactions.csv"),
        "userId,itemId,rating,timestamp\n1,7,4.0,100\n1,7,good,100\n");

    assertThatThrownBy(() -> run(false))
        .hasMessageContaining("interactions.csv line 3: rating was 'good'")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_INVALID);
  }

  private ImportSummary run(boolean overwrite) throws IOException, InterruptedException {
    return run(MovieLensFeatures.IDS, overwrite);
  }

  private ImportSummary run(MovieLensFeatures features, boolean overwrite)
      throws IOException, InterruptedException {
    return new MovieLensImporter(conf, features)
        .run(
            new Path(source.toUri()),
            new ImportTarget(new Path(target.toUri()), overwrite),
            ProgressListener.NONE);
  }
}
