package io.dicm.trainer.bench;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.importer.MovieLensFeatures;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleWriter;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Random samples of the shape of ratings with posters: users rate films one after the other, half
 * of which they like, and bring their last likes along. A film's popularity falls with the root of
 * its rank. The labels carry nothing: this is for speed alone.
 *
 * @param users users
 * @param ratings moments of each user, an impression each
 * @param films films, a picture each
 * @param behaviors most behaviours of a sample
 */
public record GeneratedSamples(int users, int ratings, int films, int behaviors) {
  private static final long SEED = 1;
  private static final String[] ITEM_FIELDS = {"item_id", "image_id"};

  /** As many films, users, impressions and behaviours as the ratings with posters have. */
  public static GeneratedSamples ofPosterShape() {
    return new GeneratedSamples(610, 117, 3569, 30);
  }

  /**
   * Writes them.
   *
   * @param directory exists; gets {@code features.json} and {@code train/}
   */
  public StepData write(Configuration conf, Path directory, int dimension) throws IOException {
    FeatureSchema schema = MovieLensFeatures.IDS.schema();
    Path featuresJson = new Path(directory, "features.json");
    schema.write(conf, featuresJson);
    Path train = new Path(directory, "train");
    SplittableRandom random = new SplittableRandom(SEED);
    try (SampleWriter writer =
        new SampleWriter(conf, new Path(train, "part-00000.parquet"), schema)) {
      for (int user = 0; user < users; user++) {
        writeUser(writer, "user-" + user, random);
      }
    }
    return new StepData(featuresJson.toString(), train.toString(), "", dimension);
  }

  private void writeUser(SampleWriter writer, String user, SplittableRandom random)
      throws IOException {
    long[][] userKeys = {{Fingerprints.idKey("user_id", user)}};
    Deque<String> liked = new ArrayDeque<>();
    for (int moment = 0; moment < ratings; moment++) {
      double uniform = random.nextDouble();
      String film = "film-" + (int) (films * uniform * uniform);
      int label = random.nextInt(2);
      writer.write(
          new Sample(
              user,
              moment,
              userKeys,
              behaviors(List.copyOf(liked)),
              List.of(impression(user, moment, film, label))));
      if (label == 1) {
        liked.addLast(film);
      }
      if (liked.size() > behaviors) {
        liked.removeFirst();
      }
    }
  }

  private static Behaviors behaviors(List<String> films) {
    List<long[]> ids = new ArrayList<>();
    for (String field : ITEM_FIELDS) {
      ids.add(films.stream().mapToLong(film -> Fingerprints.idKey(field, film)).toArray());
    }
    return new Behaviors(
        films.stream().mapToLong(Fingerprints::imageKey).toArray(), ids.toArray(long[][]::new));
  }

  private static Impression impression(String user, int moment, String film, int label) {
    long[][] itemKeys = new long[ITEM_FIELDS.length][];
    for (int i = 0; i < itemKeys.length; i++) {
      itemKeys[i] = new long[] {Fingerprints.idKey(ITEM_FIELDS[i], film)};
    }
    return new Impression(
        user + "-" + moment, film, "", label, Fingerprints.imageKey(film), itemKeys, new long[0][]);
  }
}
