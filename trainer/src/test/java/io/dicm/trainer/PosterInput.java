package io.dicm.trainer;

import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Makes the input layout, without the pictures themselves, of the rated posters. */
final class PosterInput {
  private static final double LIKED = 4;

  private final Path posters;

  /**
   * @param posters the directory with {@code interactions.csv} and {@code items.csv}
   */
  PosterInput(Path posters) {
    this.posters = posters;
  }

  void write(Configuration conf, Path target, FeatureSchema schema) throws IOException {
    Files.createDirectories(target);
    List<String> items = new ArrayList<>(List.of("item_id,image_id,category"));
    for (String item : itemIds()) {
      items.add(item);
    }
    Files.write(target.resolve("items.csv"), items);
    List<String> impressions = new ArrayList<>(List.of("user_id,item_id,ts,label"));
    for (String line : rows("interactions.csv")) {
      String[] columns = line.split(",", -1);
      String label = Double.parseDouble(columns[2]) >= LIKED ? "1" : "0";
      impressions.add(String.join(",", columns[0], columns[1], columns[3], label));
    }
    Files.write(target.resolve("impressions.csv"), impressions);
    schema.write(conf, new org.apache.hadoop.fs.Path(target.resolve("features.json").toUri()));
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
    Map<String, double[]> likes = new HashMap<>();
    for (String line : rows("interactions.csv")) {
      String[] columns = line.split(",", -1);
      double[] sums = likes.computeIfAbsent(columns[1], item -> new double[2]);
      sums[0] += Double.parseDouble(columns[2]) >= LIKED ? 1 : 0;
      sums[1]++;
    }
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

  private List<String> imageIds() throws IOException {
    return itemIds().stream().map(row -> row.substring(0, row.indexOf(','))).toList();
  }

  /** Rows {@code item,item,categories}; titles, which may hold commas, are left out. */
  private List<String> itemIds() throws IOException {
    List<String> items = new ArrayList<>();
    for (String line : rows("items.csv")) {
      String item = line.substring(0, line.indexOf(','));
      items.add(item + "," + item + "," + line.substring(line.lastIndexOf(',') + 1));
    }
    return items;
  }

  private List<String> rows(String file) throws IOException {
    List<String> lines = Files.readAllLines(posters.resolve(file));
    return lines.subList(1, lines.size());
  }
}
