package io.dicm.trainer.report;

import io.dicm.ams.server.ServerTraffic;
import io.dicm.trainer.ablation.AblationReport;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.model.ModelDescription;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.train.TrainingCurve;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that is known of a run, as far as it is there.
 *
 * @param run its name
 * @param date day of its partitions, YYYY-MM-DD
 * @param workspace where it lies
 * @param madeAt when this was gathered, for people
 * @param model how the model is and was trained
 * @param samples what it was trained and tested on
 * @param evaluation how good its predictions are
 * @param curve how training went
 * @param traffic what the servers moved, a part a server
 * @param ablation what it was compared with
 * @param examples impressions and what attention looked at
 * @param neighbors images and their nearest ones
 * @param pictures for the last two
 */
record RunReport(
    String run,
    String date,
    String workspace,
    String madeAt,
    Part<ModelDescription> model,
    Part<SampleManifest> samples,
    Part<Evaluation> evaluation,
    Part<TrainingCurve> curve,
    Part<List<ServerTraffic>> traffic,
    Part<AblationReport> ablation,
    Part<ExampleImpressions> examples,
    Part<NearestNeighbors> neighbors,
    Pictures pictures) {

  /** The names of all images that the page shows. */
  static Set<String> images(Part<ExampleImpressions> examples, Part<NearestNeighbors> neighbors) {
    Set<String> images = new HashSet<>();
    if (examples instanceof Part.Present<ExampleImpressions> present) {
      present.value().examples().stream()
          .flatMap(
              one ->
                  Stream.concat(
                      Stream.of(one.image()),
                      one.attended().stream().map(ExampleImpressions.Attended::image)))
          .forEach(image -> images.add(image.imageId()));
    }
    if (neighbors instanceof Part.Present<NearestNeighbors> present) {
      for (NearestNeighbors.Query query : present.value().queries()) {
        images.add(query.image().imageId());
        Stream.concat(query.byCode().stream(), query.byVector().stream())
            .forEach(neighbor -> images.add(neighbor.image().imageId()));
      }
    }
    images.remove("");
    return images;
  }
}
