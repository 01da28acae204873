package io.dicm.trainer;

import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.importer.ImportTarget;
import io.dicm.trainer.importer.MovieLensFeatures;
import io.dicm.trainer.importer.MovieLensImporter;
import io.dicm.trainer.input.CsvTable;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RejectedRows;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The rated posters as an input directory, and made-up vectors for them. */
final class PosterInput {
  private static final RejectedRows STRICT =
      (place, bad) -> {
        throw new IllegalStateException(place, bad);
      };

  private final Configuration conf;
  private final InputLayout layout;

  private PosterInput(Configuration conf, InputLayout layout) {
    this.conf = conf;
    this.layout = layout;
  }

  /** Imports what the system property {@code dicm.test.posters} names. */
  static PosterInput importTo(Configuration conf, Path target, MovieLensFeatures features)
      throws IOException, InterruptedException {
    Path posters = new Path(new File(System.getProperty("dicm.test.posters")).toURI());
    new MovieLensImporter(conf, features)
        .run(posters, new ImportTarget(target, false), ProgressListener.NONE);
    return new PosterInput(conf, new InputLayout(target));
  }

  /** Vectors that have nothing to do with the items: the negative control. */
  MemorySnapshot meaninglessPictures(int dimension, long seed) throws IOException {
    return MemorySnapshot.random(imageIds(), dimension, seed);
  }

  /**
   * Vectors that carry each item's share of likes over all ratings, those under test as well, in
   * every second dimension below as much noise again: the positive control.
   */
  MemorySnapshot tellingPictures(int dimension, long seed) throws IOException {
    Map<String, double[]> likes = likes();
    Random random = new Random(seed);
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (String image : imageIds()) {
      double[] sums = likes.getOrDefault(image, new double[] {1, 2});
      float[] vector = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        double carried = d % 2 == 0 ? 4 * (sums[0] / sums[1] - 0.5) : 0;
        vector[d] = (float) (carried + random.nextGaussian());
      }
      vectors.put(image, vector);
    }
    return new MemorySnapshot(dimension, vectors);
  }

  /** Likes and ratings of each item, whose ID is its picture's too. */
  private Map<String, double[]> likes() throws IOException {
    Map<String, double[]> likes = new HashMap<>();
    try (CsvTable impressions = new CsvTable(conf, layout.impressions())) {
      impressions.forEach(
          row -> {
            double[] sums = likes.computeIfAbsent(row.required("item_id"), item -> new double[2]);
            sums[0] += row.required("label").equals("1") ? 1 : 0;
            sums[1]++;
          },
          STRICT);
    }
    return likes;
  }

  private List<String> imageIds() throws IOException {
    List<String> images = new ArrayList<>();
    try (CsvTable items = new CsvTable(conf, layout.items())) {
      items.forEach(row -> images.add(row.required("image_id")), STRICT);
    }
    return images;
  }
}
