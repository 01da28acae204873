package io.dicm.trainer.report;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.ablation.AblationReport;
import io.dicm.trainer.evaluate.EvaluateJob;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.ModelWriter;
import io.dicm.trainer.train.TrainingCurve;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Gathers what the page shows from a run's files. A file that is not there makes a part absent, a
 * file system that does not work is an error.
 */
final class RunReportReader {
  private static final String CODES = "image_codes";
  private static final int PARTS = 5;

  private final Configuration conf;
  private final Workspace workspace;
  private final Clock clock;
  private final JsonFiles json;

  /**
   * @param conf with DICM's defaults; names the source of pictures
   */
  RunReportReader(Configuration conf, Workspace workspace, Clock clock) {
    this.conf = conf;
    this.workspace = workspace;
    this.clock = clock;
    this.json = new JsonFiles(conf);
  }

  /**
   * Reads a run.
   *
   * @param ablation name of the ablation to show, or empty
   */
  RunReport read(String date, String run, String ablation, ProgressListener progress)
      throws IOException {
    Path directory = workspace.model(run);
    progress.progress(0, PARTS, "figures");
    Part<ModelDescription> model = Part.of(() -> ModelDescription.read(conf, directory));
    progress.progress(1, PARTS, "impressions");
    Path samples = samples(model, run);
    Part<ExampleImpressions> examples = examples(model, date, run, samples);
    progress.progress(2, PARTS, "neighbours");
    Part<NearestNeighbors> neighbors =
        dependent(
            model,
            known ->
                new NeighborReader(conf, NeighborReader.Limits.USUAL, known.training().seed())
                    .read(snapshot(known, date), new Path(directory, CODES)));
    progress.progress(3, PARTS, "pictures");
    Pictures pictures = new PictureReader(conf).read(RunReport.images(examples, neighbors));
    progress.progress(4, PARTS, "page");
    return new RunReport(
        run,
        date,
        workspace.root().toString(),
        DateTimeFormatter.ISO_INSTANT.format(clock.instant().truncatedTo(ChronoUnit.SECONDS)),
        model,
        Part.of(() -> SampleManifest.read(conf, samples)),
        Part.of(() -> evaluation(workspace.metrics(date, run))),
        Part.of(
            () ->
                json.read(
                    new Path(directory, ModelWriter.CURVE_FILE),
                    TrainingCurve.class,
                    ErrorCode.INPUT_MISSING)),
        Part.of(() -> traffic(new Path(directory, ServerTraffic.DIRECTORY))),
        ablation.isEmpty()
            ? new Part.Absent<>("No ablation was asked for; --ablation NAME shows one.")
            : Part.of(() -> AblationReport.read(conf, workspace.ablation(ablation))),
        examples,
        neighbors,
        pictures);
  }

  /** Reads what needs the model's description. */
  @FunctionalInterface
  private interface ModelReader<T> {
    T read(ModelDescription model) throws IOException;
  }

  private static <T> Part<T> dependent(Part<ModelDescription> model, ModelReader<T> reader)
      throws IOException {
    return model instanceof Part.Present<ModelDescription> present
        ? Part.of(() -> reader.read(present.value()))
        : new Part.Absent<>("There is no model.");
  }

  private Part<ExampleImpressions> examples(
      Part<ModelDescription> model, String date, String run, Path samples) throws IOException {
    try {
      return dependent(model, known -> examples(known, date, run, samples));
    } catch (LinkageError e) {
      return new Part.Absent<>(
          "The model could not be computed on this machine, since its native library could not be"
              + " loaded: "
              + e.getMessage()
              + ".");
    }
  }

  private ExampleImpressions examples(ModelDescription model, String date, String run, Path samples)
      throws IOException {
    FeatureSchema schema = model.schema();
    FeatureSnapshot pictures = snapshot(model, date);
    ImageNames names = ImageNames.in(pictures);
    return new ExampleReader(conf, workspace.model(run), schema, pictures, model.training().seed())
        .read(SampleFiles.sequential(conf, new Path(samples, "test"), schema, 0, 1), names);
  }

  /**
   * Those of the run that is configured, else those that the model was trained on, else the run's
   * own: of runs without a model, and of models of older versions.
   */
  private Path samples(Part<ModelDescription> model, String run) {
    String configured = conf.getTrimmed(DicmKeys.SAMPLES_RUN, "");
    if (!configured.isEmpty()) {
      return workspace.samples(configured);
    }
    String trainedOn =
        model instanceof Part.Present<ModelDescription> present
            ? present.value().samplesRun()
            : null;
    return workspace.samples(trainedOn == null ? run : trainedOn);
  }

  private FeatureSnapshot snapshot(ModelDescription model, String date) throws IOException {
    return FeatureStore.open(conf, workspace.features(model.extractorId())).snapshotAsOf(date);
  }

  /** Evaluations of older versions have metrics alone. */
  private Evaluation evaluation(Path directory) throws IOException {
    if (directory.getFileSystem(conf).exists(new Path(directory, Evaluation.FILE))) {
      return Evaluation.read(conf, directory);
    }
    Map<String, Double> metrics = new HashMap<>();
    json.readTree(new Path(directory, EvaluateJob.JSON_FILE), ErrorCode.INPUT_MISSING)
        .properties()
        .forEach(metric -> metrics.put(metric.getKey(), metric.getValue().asDouble()));
    return new Evaluation(metrics, Map.of(), List.of(), List.of(), "", 0);
  }

  private List<ServerTraffic> traffic(Path directory) throws IOException {
    List<ServerTraffic> servers = new ArrayList<>();
    for (FileStatus file : files(directory)) {
      servers.add(json.read(file.getPath(), ServerTraffic.class, ErrorCode.INPUT_MISSING));
    }
    servers.sort(Comparator.comparingInt(ServerTraffic::server));
    return servers;
  }

  private FileStatus[] files(Path directory) throws IOException {
    try {
      return directory
          .getFileSystem(conf)
          .listStatus(directory, path -> path.getName().endsWith(".json"));
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "The model does not say what its servers moved: there is no directory "
              + directory
              + ", as in models of older versions.",
          e);
    }
  }
}
