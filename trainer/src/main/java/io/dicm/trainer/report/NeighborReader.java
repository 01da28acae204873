package io.dicm.trainer.report;

import io.dicm.ams.shard.VectorScaling;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.SplitMix64;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.feature.store.FeaturePart;
import io.dicm.feature.store.FeatureSnapshot;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;

/**
 * Looks for the nearest images of a few by the cosine of their ad codes, and by that of the vectors
 * that the servers train on ({@link VectorScaling}). Vectors are streamed: memory is that of the
 * queries' vectors, of names and of codes.
 */
final class NeighborReader {
  private final Configuration conf;
  private final Limits limits;
  private final long seed;

  /**
   * How much.
   *
   * @param queries images whose neighbours are wanted
   * @param neighbors of each
   * @param candidates most images to look among: the first ones of the store, whose order is that
   *     of a hash within each file
   */
  record Limits(int queries, int neighbors, int candidates) {
    /** As the page has room and a client time for. */
    static final Limits USUAL = new Limits(10, 5, 20_000);
  }

  /**
   * @param seed of the draw of the queries
   */
  NeighborReader(Configuration conf, Limits limits, long seed) {
    this.conf = conf;
    this.limits = limits;
    this.seed = seed;
  }

  /**
   * Finds the neighbours.
   *
   * @param codes the directory of a model's image codes
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when no image has a code and a vector
   */
  NearestNeighbors read(FeatureSnapshot snapshot, Path codes) throws IOException {
    List<FeaturePart> parts = new ArrayList<>();
    Map<Long, String> names = candidates(snapshot, parts);
    Map<Long, float[]> adCodes = codes(codes, names);
    names.keySet().retainAll(adCodes.keySet());
    List<Long> queries =
        names.keySet().stream()
            .sorted(Comparator.comparingLong((Long key) -> SplitMix64.mix(key ^ seed)))
            .limit(limits.queries())
            .toList();
    if (queries.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "No image of the feature store "
              + snapshot.extractorId()
              + " has a code in "
              + codes
              + ".");
    }
    Map<Long, Nearest> byCode = new LinkedHashMap<>();
    Map<Long, Nearest> byVector = new LinkedHashMap<>();
    queries.forEach(key -> byCode.put(key, new Nearest(limits.neighbors(), adCodes.get(key))));
    byCode.forEach((query, nearest) -> adCodes.forEach(nearest.offering(query)));
    VectorScaling scaling = VectorScaling.of(snapshot);
    for (FeaturePart part : parts) {
      part.scanImages(
          byCode::containsKey,
          image -> {
            scaling.apply(image.feature());
            byVector.put(image.imageKey(), new Nearest(limits.neighbors(), image.feature()));
          });
    }
    for (FeaturePart part : parts) {
      part.scanImages(
          names::containsKey,
          image -> {
            scaling.apply(image.feature());
            byVector.forEach(
                (query, nearest) ->
                    nearest.offering(query).accept(image.imageKey(), image.feature()));
          });
    }
    return new NearestNeighbors(
        snapshot.dimension(),
        adCodes.get(queries.get(0)).length,
        names.size(),
        snapshot.imageCount(bucket -> true),
        queries.stream()
            .map(
                key ->
                    new NearestNeighbors.Query(
                        new ShownImage(key, names.get(key)),
                        byCode.get(key).found(names),
                        byVector.get(key).found(names)))
            .toList());
  }

  /** Names by key, of as many parts as are needed. */
  private Map<Long, String> candidates(FeatureSnapshot snapshot, List<FeaturePart> used)
      throws IOException {
    Map<Long, String> names = new LinkedHashMap<>();
    for (FeaturePart part : snapshot.parts()) {
      if (names.size() < limits.candidates()) {
        used.add(part);
        part.scanHashes(
            (imageId, imageKey, hash) -> {
              if (names.size() < limits.candidates()) {
                names.put(imageKey, imageId);
              }
            });
      }
    }
    return names;
  }

  private Map<Long, float[]> codes(Path directory, Map<Long, String> wanted) throws IOException {
    Map<Long, float[]> codes = new HashMap<>();
    for (FileStatus file : files(directory)) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row -> {
            long key = row.getLong("image_key", 0);
            if (wanted.containsKey(key)) {
              codes.put(key, floats(row.getGroup("ad_code", 0)));
            }
          });
    }
    return codes;
  }

  private List<FileStatus> files(Path directory) throws IOException {
    try {
      return ParquetTables.files(conf, directory);
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "There are no image codes: no directory " + directory + ".", e);
    }
  }

  private static float[] floats(Group list) {
    float[] values = new float[list.getFieldRepetitionCount(0)];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.getGroup(0, i).getFloat(0, 0);
    }
    return values;
  }

  /** The nearest images of one, so far. */
  private static final class Nearest {
    private final int most;
    private final float[] query;
    private final double queryLength;
    private final PriorityQueue<Found> farthestFirst =
        new PriorityQueue<>(Comparator.comparingDouble(Found::cosine));

    private record Found(long imageKey, double cosine) {}

    Nearest(int most, float[] query) {
      this.most = most;
      this.query = query;
      this.queryLength = length(query);
    }

    /** Takes other images; the query itself is none. */
    java.util.function.BiConsumer<Long, float[]> offering(long ownKey) {
      return (key, vector) -> {
        if (key != ownKey) {
          farthestFirst.add(new Found(key, cosine(vector)));
          if (farthestFirst.size() > most) {
            farthestFirst.remove();
          }
        }
      };
    }

    List<NearestNeighbors.Neighbor> found(Map<Long, String> names) {
      return farthestFirst.stream()
          .sorted(
              Comparator.comparingDouble((Found one) -> -one.cosine())
                  .thenComparingLong(Found::imageKey))
          .map(
              one ->
                  new NearestNeighbors.Neighbor(
                      new ShownImage(one.imageKey(), names.get(one.imageKey())), one.cosine()))
          .toList();
    }

    /** 0 where a vector is all zeros. */
    private double cosine(float[] vector) {
      double product = 0;
      for (int i = 0; i < vector.length; i++) {
        product += (double) query[i] * vector[i];
      }
      double lengths = queryLength * length(vector);
      return lengths == 0 ? 0 : product / lengths;
    }

    private static double length(float[] vector) {
      double squares = 0;
      for (float value : vector) {
        squares += (double) value * value;
      }
      return Math.sqrt(squares);
    }
  }
}
