package io.dicm.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.evaluate.Metrics;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.predict.Model;
import io.dicm.trainer.predict.PredictionOptions;
import io.dicm.trainer.predict.PredictionWorker;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.samplejob.SamplesJob;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole way from ratings to metrics on real data, against what an independent implementation
 * measures there: AUC .7602 and GAUC .6679 without pictures, .758 and .665 with pictures that mean
 * nothing. Runs with {@code -Ddicm.test.args=-Ddicm.test.posters=DIRECTORY}; takes minutes.
 */
@EnabledIfSystemProperty(named = "dicm.test.posters", matches = ".+")
class TestPosterProtocol {
  private static final int GLOBAL_BATCH = 1024;
  private static final int EMBEDDING_DIMENSION = 12;
  private static final int VECTOR_DIMENSION = 4096;
  private static final double LEARNING_RATE = 0.001;
  private static final int SHUFFLE_BUFFER = 65_536;

  private final Configuration conf = configuration();

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    // images, categories, servers, workers, epochs, seed, AUC, GAUC
    "NONE,  false, 1, 1, 3, 1, .7602, .6679",
    "NONE,  false, 2, 2, 3, 2, .7602, .6679",
    "NONE,  false, 2, 2, 3, 3, .7602, .6679",
    "NONE,  true,  2, 2, 3, 1, .7650, .6745",
    "JOINT, false, 1, 1, 3, 1, .7580, .6650",
    "JOINT, false, 2, 2, 3, 2, .7580, .6650",
  })
  void agreesWithAnIndependentImplementation(
      ImageMode images,
      boolean categories,
      int servers,
      int workers,
      int epochs,
      long seed,
      double auc,
      double gauc)
      throws Exception {
    FeatureSchema schema = PosterInput.schema(categories);
    TrainingGang.Plan plan =
        new TrainingGang.Plan(
            schema,
            images,
            EMBEDDING_DIMENSION,
            servers,
            workers,
            GLOBAL_BATCH / workers,
            epochs,
            LEARNING_RATE,
            seed);
    makeSamples(schema);
    train(plan);
    Metrics metrics = evaluate(schema);
    System.out.printf(Locale.ROOT, "%s categories %s: %s%n", plan.images(), categories, metrics);
    assertThat(metrics.impressions()).isEqualTo(18_186);
    assertThat(metrics.auc()).isCloseTo(auc, within(0.005));
    assertThat(metrics.gauc()).isCloseTo(gauc, within(0.005));
  }

  private PosterInput input() {
    return new PosterInput(Path.of(System.getProperty("dicm.test.posters")));
  }

  private void makeSamples(FeatureSchema schema) throws Exception {
    input().write(conf, directory.resolve("input"), schema);
    new SamplesJob(conf).run(path("input"), path("samples"), ProgressListener.NONE);
  }

  private void train(TrainingGang.Plan plan) throws Exception {
    List<String> imageIds = input().imageIds();
    try (TrainingGang gang =
        new TrainingGang(plan, MemorySnapshot.random(imageIds, VECTOR_DIMENSION, plan.seed()))) {
      long start = System.nanoTime();
      List<TrainingResult> results =
          gang.train(
              (worker, workers) ->
                  epoch ->
                      SampleFiles.open(
                          conf,
                          path("samples/train"),
                          plan.schema(),
                          worker,
                          workers,
                          plan.seed(),
                          epoch,
                          SHUFFLE_BUFFER));
      double seconds = (System.nanoTime() - start) / 1e9;
      long impressions = results.stream().mapToLong(TrainingResult::impressions).sum();
      System.out.printf(
          Locale.ROOT,
          "%s %d servers %d workers: %.0f impressions/s, loss %.4f, %s%n",
          plan.images(),
          plan.serverCount(),
          plan.workerCount(),
          impressions / seconds,
          results.get(0).finalLoss(),
          gang.statistics());
      gang.publish(conf, path("model"), results.get(0));
    }
  }

  private Metrics evaluate(FeatureSchema schema) throws Exception {
    new PredictionWorker(
            conf,
            new PredictionOptions(0, 1, GLOBAL_BATCH, 1, 0),
            Model.load(conf, path("model"), schema),
            ProgressListener.NONE)
        .run(SampleFiles.sequential(conf, path("samples/test"), schema, 0, 1), path("predictions"));
    return new EvaluateJob(conf).run(path("predictions"), path("metrics"), ProgressListener.NONE);
  }

  private org.apache.hadoop.fs.Path path(String name) {
    return new org.apache.hadoop.fs.Path(directory.resolve(name).toUri());
  }

  private static Configuration configuration() {
    DicmConfiguration.registerDefaults();
    Configuration conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("mapreduce.task.io.sort.mb", "64");
    return conf;
  }
}
