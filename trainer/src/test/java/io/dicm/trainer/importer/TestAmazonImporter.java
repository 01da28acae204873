package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ImportedVectorsProvider;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.importer.AmazonSource.AmazonVectors;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.samplejob.SamplesJob;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestAmazonImporter {
  private static final String REVIEWS =
      """
      {"reviewerID": "U1", "asin": "000000000A", "overall": 5.0, "unixReviewTime": 1400000000, "helpful": [0, 1]}
      {"reviewerID": "U1", "asin": "000000000B", "overall": 3.0, "unixReviewTime": 1400000100}

      {"reviewerID": "U2", "asin": "000000000A", "overall": 4, "unixReviewTime": 1400000200}
      {"reviewerID": "U2", "asin": "000000000C", "overall": 1, "unixReviewTime": 1400000300}
      """;
  private static final String METADATA =
      """
      {'asin': '000000000Z', 'title': "Nobody's"}
      {'asin': '000000000A', 'price': 3.17, 'imUrl': 'http://x/a.jpg', 'brand': "It's", 'categories': [['Clothing', 'Women', 'Shoes|Boots'], ['Clothing', 'Women', 'New']]}
      {'asin': '000000000B', 'categories': [['Clothing']], 'related': {'also_bought': ['0']}}
      """;
  private static final int RECORD = 16_394;

  private final Configuration conf = new Configuration();

  @TempDir private java.nio.file.Path directory;
  private java.nio.file.Path target;

  @BeforeEach
  void setUp() throws IOException {
    conf.addResource("dicm-default.xml");
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "8");
    target = directory.resolve("target");
    write("reviews.json", REVIEWS);
    write("meta.json", METADATA);
  }

  @Test
  void readsReviewsAndOlderMetadata() throws Exception {
    ImportSummary summary = run(source(Optional.of("meta.json"), Optional.empty(), null));

    assertThat(summary).isEqualTo(new ImportSummary(3, 0, 2, 4, 2));
    assertThat(target.resolve("impressions.csv"))
        .hasContent(
            """
            user_id,item_id,ts,label
            U1,000000000A,1400000000,1
            U1,000000000B,1400000100,0
            U2,000000000A,1400000200,1
            U2,000000000C,1400000300,0
            """);
    assertThat(target.resolve("items.csv"))
        .hasContent(
            """
            item_id,image_id,category,brand,price
            000000000A,,Women|Shoes/Boots|New,It's,3.17
            000000000B,,Clothing,,
            000000000C,,,,
            """);
    assertThat(target.resolve("features.json"))
        .content()
        .contains("\"price\"", "\"number\"", "\"log\" : 2.0");
  }

  @Test
  void readsNewerMetadataAndCompressedFiles() throws Exception {
    Files.write(directory.resolve("reviews.json"), gzip(REVIEWS));
    Files.write(
        directory.resolve("meta.json"),
        gzip(
            "{\"asin\": \"000000000B\", \"category\": [\"Clothing\", \"Men\"], \"price\":"
                + " \"$1,012.50\", \"brand\": \" A\\n b\"}\n"
                + "{\"asin\": \"000000000C\", \"category\": [], \"price\": \"$3 - $9\"}\n"));

    run(source(Optional.of("meta.json"), Optional.empty(), null));

    assertThat(target.resolve("items.csv"))
        .hasContent(
            """
            item_id,image_id,category,brand,price
            000000000B,,Men,A b,1012.50
            000000000C,,,,
            000000000A,,,,
            """);
  }

  @Test
  void samplesCanBeMadeOfTheImportWithPictures() throws Exception {
    Files.createDirectory(directory.resolve("pictures"));
    Files.write(directory.resolve("pictures/000000000A.JPG"), new byte[] {1});
    Files.write(directory.resolve("pictures/000000000Z.jpg"), new byte[] {2});
    Files.write(directory.resolve("pictures/000000000B.txt"), new byte[] {3});

    ImportSummary summary = run(source(Optional.empty(), Optional.of("pictures"), null));
    conf.set(DicmKeys.SAMPLES_SPLIT, "user-fraction:0.5");
    SampleManifest manifest =
        new SamplesJob(conf)
            .run(
                new Path(target.toUri()),
                new Path(directory.resolve("samples").toUri()),
                ProgressListener.NONE);

    assertThat(summary.images()).isEqualTo(1);
    assertThat(target.resolve("images/000000000A.JPG")).hasBinaryContent(new byte[] {1});
    assertThat(target.resolve("images/000000000Z.jpg")).doesNotExist();
    assertThat(target.resolve("items.csv"))
        .content()
        .contains("000000000A,000000000A,", "000000000B,,");
    assertThat(manifest.train().impressions() + manifest.test().impressions()).isEqualTo(4);
    assertThat(manifest.rejects()).isEmpty();
  }

  @Test
  void publishesVectorsUnderAnExtractorOfTheirOwn() throws Exception {
    write(
        "features.b",
        record("000000000Z", 9),
        record("000000000C", 1),
        record("000000000A", 2),
        record("000000000A", 3));

    ImportSummary summary = run(source(Optional.empty(), Optional.empty(), "features.b"));

    assertThat(summary.images()).isEqualTo(2);
    assertThat(target.resolve("items.csv"))
        .content()
        .contains("000000000A,000000000A,", "000000000B,,", "000000000C,000000000C,");
    conf.set(DicmKeys.EXTRACT_ENCODER, "imported-amazon-fc7");
    assertThat(EncoderProviders.configured(conf).describe(conf))
        .isEqualTo(ImportedVectorsProvider.AMAZON);
    FeatureSnapshot snapshot = store().snapshot("2024-05-01");
    Map<String, float[]> vectors = new HashMap<>();
    snapshot
        .parts()
        .forEach(
            part -> {
              try {
                part.scan(bucket -> true, image -> vectors.put(image.imageId(), image.feature()));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThat(vectors).containsOnlyKeys("000000000A", "000000000C");
    assertThat(vectors.get("000000000A")).as("the first of two").isEqualTo(vector(2));
    assertThat(vectors.get("000000000C")).isEqualTo(vector(1));
    assertThat(Fingerprints.imageKey("000000000A")).isNotEqualTo(Fingerprints.NONE);
  }

  @Test
  void theSameDayCanBeImportedAgain() throws Exception {
    write("features.b", record("000000000A", 2));
    run(source(Optional.empty(), Optional.empty(), "features.b"));
    write("features.b", record("000000000A", 5), record("000000000B", 6));

    new AmazonImporter(conf)
        .run(
            source(Optional.empty(), Optional.empty(), "features.b"),
            new ImportTarget(new Path(target.toUri()), true),
            ProgressListener.NONE);

    assertThat(store().manifest("2024-05-01").imageCount()).isEqualTo(2);
  }

  @Test
  void namesTheByteWhereImageFeaturesAreCutOff() throws Exception {
    byte[] whole = record("000000000A", 2);
    write("features.b", whole, Arrays.copyOf(whole, 100));

    refuses(
        source(Optional.empty(), Optional.empty(), "features.b"),
        "features.b: byte 16394: a record of 16394 bytes (asin, then 4096 float32) has only 100"
            + " bytes there; the file is cut off");
    assertThat(directory.resolve("workspace")).doesNotExist();
  }

  @Test
  void namesTheByteOfWhatIsNoImageFeature() throws Exception {
    byte[] bad = record("000000000A", 2);
    ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN).putFloat(10 + 4 * 7, Float.NaN);
    write("features.b", record("000000000B", 1), bad);
    refuses(
        source(Optional.empty(), Optional.empty(), "features.b"),
        "byte " + (RECORD + 10 + 28) + ": the value there is NaN");

    byte[] shifted = record("000000000A", 2);
    shifted[3] = 0;
    write("features.b", record("000000000B", 1), shifted);
    refuses(
        source(Optional.empty(), Optional.empty(), "features.b"),
        "byte 16394: needed an asin of 10 letters and digits there");

    write("features.b", record("000000000Z", 1));
    refuses(
        source(Optional.empty(), Optional.empty(), "features.b"),
        "it has no vector of an item of the log");
  }

  @Test
  void namesTheLineOfABadReview() throws Exception {
    write("reviews.json", "{\"reviewerID\": \"U\", \"overall\": 5.0, \"unixReviewTime\": 1}\n");
    refuses(plain(), "reviews.json: line 1: the object has no 'asin'");
    write(
        "reviews.json",
        "\n{\"reviewerID\": \"U\", \"asin\": \"A\", \"overall\": \"5\", \"unixReviewTime\": 1}\n");
    refuses(plain(), "reviews.json: line 2: 'overall' was \"5\", needed a number");
    write("reviews.json", "{\"reviewerID\": \"U\"");
    refuses(plain(), "reviews.json: line 1: it is no JSON");
    write("reviews.json", "[1]\n");
    refuses(plain(), "reviews.json: line 1: needed a JSON object");
    write("reviews.json", "{'reviewerID': }\n");
    refuses(plain(), "reviews.json: line 1: it is no dict as Python prints it");
    write("reviews.json", "\n");
    refuses(plain(), "reviews.json: it has no review");
    write("reviews.json", new byte[] {'{', '"', (byte) 0xff, '"'});
    refuses(plain(), "reviews.json: line 1: it is not UTF-8");
    byte[] whole = gzip(REVIEWS.repeat(50));
    write("reviews.json", Arrays.copyOf(whole, whole.length - 20));
    refuses(plain(), "the compressed file ends here; fetch it again");
    assertThat(target).doesNotExist();
  }

  @Test
  void saysThatFilesDoNotBelongTogether() throws Exception {
    write("meta.json", "{\"asin\": \"000000000Z\"}\n");
    refuses(
        source(Optional.of("meta.json"), Optional.empty(), null),
        "meta.json: it has no product of the reviews");
    Files.createDirectory(directory.resolve("pictures"));
    assertThatThrownBy(() -> run(source(Optional.empty(), Optional.of("pictures"), null)))
        .hasMessageContaining("there is none named <item>.<jpg, png, ...> of an item of the log")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INPUT_MISSING);
  }

  private void refuses(AmazonSource source, String message) {
    assertThatThrownBy(() -> run(source))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(message);
  }

  private AmazonSource plain() {
    return source(Optional.empty(), Optional.empty(), null);
  }

  private AmazonSource source(
      Optional<String> metadata, Optional<String> pictures, String features) {
    return new AmazonSource(
        path("reviews.json"),
        metadata.map(this::path),
        pictures.map(this::path),
        Optional.ofNullable(features)
            .map(name -> new AmazonVectors(path(name), workspace(), "2024-05-01")),
        4);
  }

  private FeatureStore store() {
    return FeatureStore.open(conf, workspace().features("imported-amazon-fc7"));
  }

  private Workspace workspace() {
    return new Workspace(path("workspace"));
  }

  private ImportSummary run(AmazonSource source) throws IOException, InterruptedException {
    return new AmazonImporter(conf)
        .run(source, new ImportTarget(new Path(target.toUri()), false), ProgressListener.NONE);
  }

  private Path path(String name) {
    return new Path(directory.resolve(name).toUri());
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void write(String name, byte[]... pieces) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      bytes.write(piece);
    }
    Files.write(directory.resolve(name), bytes.toByteArray());
  }

  private static byte[] record(String asin, int seed) {
    ByteBuffer bytes = ByteBuffer.allocate(RECORD).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(asin.getBytes(StandardCharsets.US_ASCII));
    for (float value : vector(seed)) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private static float[] vector(int seed) {
    float[] vector = new float[4096];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = seed + i / 4096f;
    }
    return vector;
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
