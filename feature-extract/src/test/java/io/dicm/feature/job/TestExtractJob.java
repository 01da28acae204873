package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import io.dicm.common.mapreduce.JobRunner;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.bench.GeneratedPictures;
import io.dicm.feature.duplicate.DuplicateGroup;
import io.dicm.feature.duplicate.DuplicateSearch;
import io.dicm.feature.duplicate.DuplicateSettings;
import io.dicm.feature.duplicate.NearDuplicate;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStore;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.Test;

/** The whole job on one input: what it publishes and what it refuses. */
class TestExtractJob extends LocalExtraction {
  @Test
  void extractsEveryImageOnce() throws Exception {
    ImageFiles.writeMany(images, 30);
    Files.writeString(images.resolve(".hidden"), "not an image");

    ExtractSummary summary = run();

    assertThat(summary.images()).isEqualTo(30);
    assertThat(summary.extracted()).isEqualTo(30);
    assertThat(summary.rejectedByReason()).isEmpty();
    List<FeatureRecord> stored = stored();
    assertThat(stored).extracting(FeatureRecord::imageId).doesNotHaveDuplicates().hasSize(30);
    FeatureRecord image7 = byId(stored, "image-7");
    assertThat(image7.imageKey()).isEqualTo(Fingerprints.imageKey("image-7"));
    assertThat(image7.width()).isEqualTo(20);
    assertThat(image7.height()).isEqualTo(10);
    assertThat(image7.contentDigest()).hasSize(64);
    assertThat(image7.feature()[0]).isCloseTo((7 / 255f - 0.485f) / 0.229f, within(1e-4f));
  }

  @Test
  void halfPrecisionIsAnotherExtractorWithRoundedVectors() throws Exception {
    ImageFiles.writeMany(images, 12);
    run();
    conf.set(DicmKeys.EXTRACT_VECTOR_PRECISION, "float16");

    assertThat(run().extracted()).as("vectors of another extractor do not count").isEqualTo(12);

    Workspace workspace = new Workspace(DicmConfiguration.of(conf).path(DicmKeys.WORKSPACE_PATH));
    FeatureStore store = FeatureStore.open(conf, workspace.features("mean-color-float16"));
    assertThat(store.manifest("2026-03-01").extractor().elementType()).isEqualTo("float16");
    float exact = byId(stored(), "image-7").feature()[0];
    float rounded = byId(stored(store.snapshot()), "image-7").feature()[0];
    assertThat(rounded).isNotEqualTo(exact).isCloseTo(exact, withinPercentage(0.05));
  }

  @Test
  void leavesOnlyWhatBelongsIntoThePartition() throws Exception {
    ImageFiles.writeMany(images, 8);

    run();

    try (Stream<Path> files = Files.list(partition())) {
      assertThat(files.map(f -> f.getFileName().toString()).filter(n -> !n.endsWith(".crc")))
          .satisfiesExactlyInAnyOrder(
              name -> assertThat(name).matches("part-r-00000-[0-9a-f]{8}\\.parquet"),
              name -> assertThat(name).matches("part-r-00001-[0-9a-f]{8}\\.parquet"),
              name -> assertThat(name).matches("_index-[0-9a-f]{8}\\.parquet"),
              name -> assertThat(name).isEqualTo("_manifest.json"),
              name -> assertThat(name).isEqualTo("_SUCCESS"));
    }
    try (Stream<Path> siblings = Files.list(partition().getParent())) {
      assertThat(siblings).containsExactly(partition());
    }
  }

  @Test
  void givesWholeBucketsToFiles() throws Exception {
    ImageFiles.writeMany(images, 20);

    run();

    FeatureManifest manifest =
        FeatureManifest.read(conf, new org.apache.hadoop.fs.Path(partition().toUri()));
    assertThat(manifest.files()).hasSize(2);
    for (int file = 0; file < 2; file++) {
      int remainder = file;
      assertThat(Arrays.stream(manifest.files().get(file).buckets()))
          .allMatch(bucket -> bucket % 2 == remainder);
    }
    long odd = snapshot().imageCount(bucket -> bucket % 2 == 1);
    long expected =
        Stream.iterate(0, i -> i + 1)
            .limit(20)
            .filter(i -> Buckets.of(Fingerprints.imageKey("image-" + i)) % 2 == 1)
            .count();
    assertThat(odd).isEqualTo(expected);
  }

  @Test
  void findsNearDuplicatesAmongWhatItExtracted() throws Exception {
    Files.createDirectories(images);
    GeneratedPictures.write(images, 6);
    BufferedImage large = ImageIO.read(images.resolve("picture-003.jpg").toFile());
    BufferedImage small = new BufferedImage(300, 400, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = small.createGraphics();
    graphics.drawImage(large, 0, 0, 300, 400, null);
    graphics.dispose();
    ImageIO.write(small, "jpeg", images.resolve("a-copy.jpg").toFile());

    run();

    List<DuplicateGroup> groups =
        new DuplicateSearch(DuplicateSettings.of(8, 0.9)).find(snapshot()).groups();
    assertThat(groups)
        .singleElement()
        .satisfies(
            group ->
                assertThat(group.images())
                    .extracting(NearDuplicate::imageId)
                    .containsExactly("a-copy", "picture-003"));
    assertThat(stored()).extracting(FeatureRecord::perceptualHash).doesNotContain(0L);
  }

  @Test
  void extractsSequenceFilesWithoutReadingThemTwice() throws Exception {
    Path file = folder.resolve("pictures.seq");
    Path picture = folder.resolve("picture.png");
    try (SequenceFile.Writer writer =
        SequenceFile.createWriter(
            conf,
            SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(file.toUri())),
            SequenceFile.Writer.keyClass(Text.class),
            SequenceFile.Writer.valueClass(BytesWritable.class),
            SequenceFile.Writer.syncInterval(500))) {
      for (int i = 0; i < 40; i++) {
        ImageFiles.writePlain(picture, new Color(i, 128, 0), 20, 10);
        writer.append(new Text("image-" + i), new BytesWritable(Files.readAllBytes(picture)));
      }
    }
    conf.set(DicmKeys.EXTRACT_IMAGES, file.toUri().toString());
    conf.setInt(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 7);

    assertThat(run().images()).isEqualTo(40);
    List<FeatureRecord> stored = stored();
    assertThat(stored).extracting(FeatureRecord::imageId).doesNotHaveDuplicates().hasSize(40);
    assertThat(byId(stored, "image-7").feature()[0])
        .isCloseTo((7 / 255f - 0.485f) / 0.229f, within(1e-4f));
    assertThat(run().alreadyThere()).isTrue();
    conf.set(DicmKeys.RUN_DATE, "2026-03-02");
    assertThat(run().extracted()).as("vectors of the day before").isZero();
  }

  @Test
  void subfoldersArePartOfTheImageId() throws Exception {
    ImageFiles.writePlain(images.resolve("shoes/1.png"), Color.RED, 5, 5);
    ImageFiles.writePlain(images.resolve("hats/1.png"), Color.RED, 5, 5);

    run();

    assertThat(stored())
        .extracting(FeatureRecord::imageId)
        .containsExactlyInAnyOrder("shoes/1", "hats/1");
  }

  @Test
  void namesAMissingDirectory() {
    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_MISSING))
        .hasMessageMatching("Cannot extract images: there is no directory file:.*/images\\.");
  }

  @Test
  void namesAnEmptyDirectory() throws Exception {
    Files.createDirectories(images);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_MISSING))
        .hasMessageMatching("Cannot extract images: the directory file:.*/images has no files\\.");
  }

  @Test
  void namesTwoFilesOfOneImage() throws Exception {
    ImageFiles.writePlain(images.resolve("shoe.png"), Color.RED, 5, 5);
    ImageFiles.writePlain(images.resolve("shoe.jpg"), Color.RED, 5, 5);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining("the files shoe.jpg and shoe.png are both image shoe");
  }

  @Test
  void namesAnUnknownEncoder() throws Exception {
    ImageFiles.writeMany(images, 1);
    conf.set(DicmKeys.EXTRACT_ENCODER, "vgg19");

    assertThatThrownBy(this::run)
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("dicm.extract.encoder: was 'vgg19'")
        .hasMessageContaining("mean-color")
        .hasMessageContaining("vgg16");
  }

  @Test
  void refusesABatchThatTheContainerCannotHold() throws Exception {
    ImageFiles.writeMany(images, 1);
    conf.set(DicmKeys.EXTRACT_ENCODER, "vgg16");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 256);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE))
        .hasMessageContaining("a map task with dicm.extract.batch-size=256 needs about ")
        .hasMessageContaining(" MiB, dicm.extract.map-memory-mb is 2560.");
  }

  @Test
  void refusesBeforeTheJobWhatTheMastersHeapCannotHold() throws Exception {
    ImageFiles.writeMany(images, 2);
    conf.set("mapreduce.framework.name", "there is none");
    ExtractJob job = new ExtractJob(conf, new JobRunner(conf), 64L << 20);

    assertThatThrownBy(() -> job.run(ProgressListener.NONE))
        .isInstanceOfSatisfying(
            DicmException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE))
        .hasMessageContaining("needs about 65 MiB of heap for 0 images that the store knows and 2 ")
        .hasMessageContaining("its heap is 64 MiB. Raise dicm.yarn.master.memory-mb");
  }

  @Test
  void halfAMillionNewImagesNeedMoreThanTheUsualMaster() {
    assertThat(new IndexMemory(0, 500_000).neededMb()).isEqualTo(64 + 282);
    assertThat(new IndexMemory(500_000, 10).neededMb()).isEqualTo(64 + 191);
  }

  @Test
  void namesAFileThatHadoopCannotRead() throws Exception {
    ImageFiles.writePlain(images.resolve("a:b.png"), Color.RED, 5, 5);

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining("the name of a:b.png has a colon");
  }

  @Test
  void takesNamesWithSpacesDotsAndUmlauts() throws Exception {
    List<String> ids = List.of("red shoe", "bücher", "v1.2", "100%");
    for (String id : ids) {
      ImageFiles.writePlain(images.resolve(id + ".png"), Color.RED, 5, 5);
    }

    run();

    assertThat(stored())
        .extracting(FeatureRecord::imageId)
        .containsExactlyInAnyOrderElementsOf(ids);
  }
}
