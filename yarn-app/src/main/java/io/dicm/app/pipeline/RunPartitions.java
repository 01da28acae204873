package io.dicm.app.pipeline;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.feature.store.FeatureStore;
import io.dicm.hive.Registration;
import io.dicm.hive.TablePartition;
import io.dicm.trainer.sample.SampleManifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The partitions of Hive's tables that one run fills.
 *
 * @param conf for the file systems
 * @param settings which run
 * @param extractorId whose vectors belong to it
 */
public record RunPartitions(Configuration conf, PipelineSettings settings, String extractorId) {

  /**
   * All of them, those included that have earlier days' vectors which are part of this day's; what
   * an earlier run of this name had and this one has not is taken out.
   */
  public Registration registration() throws IOException {
    Registration registration =
        Registration.ofRun(
            settings.workspace(),
            extractorId,
            settings.date(),
            settings.run(),
            FeatureStore.open(conf, settings.workspace().features(extractorId))
                .datesUsedBy(settings.date()));
    List<TablePartition> besides = new ArrayList<>();
    List<TablePartition> absent = new ArrayList<>();
    for (TablePartition partition :
        Registration.besides(settings.workspace(), extractorId, settings.date(), settings.run())) {
      if (DirectoryPublisher.isComplete(conf, partition.published())) {
        besides.add(partition);
      } else if (partition.table().isOfRuns()) {
        absent.add(partition);
      }
    }
    return registration.with(besides).without(absent).ofSchema(schemaDigest());
  }

  /** Of the run's samples; empty where the run has none of its own. */
  private String schemaDigest() throws IOException {
    Path samples = settings.workspace().samples(settings.run());
    return DirectoryPublisher.isComplete(conf, samples)
        ? SampleManifest.read(conf, samples).schemaDigest()
        : "";
  }

  /**
   * Makes sure that what these stages publish is there.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} naming the first partition that is not
   */
  public void requireComplete(Predicate<StageName> stages) throws IOException {
    Registration own =
        Registration.ofRun(settings.workspace(), extractorId, settings.date(), settings.run());
    for (TablePartition partition : own.partitions()) {
      Optional<StageName> maker = maker(partition).filter(stages);
      if (maker.isPresent() && !DirectoryPublisher.isComplete(conf, partition.location())) {
        throw new DicmException(
            ErrorCode.INPUT_MISSING,
            "Cannot register run '%s' of %s: partition %s is not complete, %s has no %s. Run stage %s first."
                .formatted(
                    settings.run(),
                    settings.date(),
                    partition,
                    partition.location(),
                    DirectoryPublisher.SUCCESS,
                    maker.get().label()));
      }
    }
  }

  /** The stage that publishes it; none for what any stage, or another command, writes. */
  private static Optional<StageName> maker(TablePartition partition) {
    return switch (partition.table()) {
      case FEATURES -> Optional.of(StageName.EXTRACT);
      case SAMPLES, SAMPLE_ITEMS -> Optional.of(StageName.SAMPLES);
      case IMAGE_CODES, REJECTS, TRAINING_CURVE, TRAFFIC, CHECKPOINTS ->
          Optional.of(StageName.PUBLISH);
      case PREDICTIONS, USER_VECTORS, ITEM_VECTORS -> Optional.of(StageName.PREDICT);
      case METRICS, METRIC_SLICES -> Optional.of(StageName.EVALUATE);
      case NEAR_DUPLICATES, RUN_CONTAINERS, RUNS -> Optional.empty();
    };
  }
}
