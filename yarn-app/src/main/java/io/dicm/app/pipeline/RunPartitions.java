package io.dicm.app.pipeline;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.feature.store.FeatureStore;
import io.dicm.hive.Registration;
import io.dicm.hive.TablePartition;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;

/**
 * The partitions of Hive's tables that one run fills.
 *
 * @param conf for the file systems
 * @param settings which run
 * @param extractorId whose vectors belong to it
 */
public record RunPartitions(Configuration conf, PipelineSettings settings, String extractorId) {

  /** All of them, those included that have earlier days' vectors which are part of this day's. */
  public Registration registration() {
    return Registration.ofRun(
        settings.workspace(),
        extractorId,
        settings.date(),
        settings.run(),
        FeatureStore.open(conf, settings.workspace().features(extractorId))
            .datesUsedBy(settings.date()));
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

  /** The stage that publishes it; none for the run's own history, which any stage writes. */
  private static Optional<StageName> maker(TablePartition partition) {
    return switch (partition.table()) {
      case FEATURES -> Optional.of(StageName.EXTRACT);
      case IMAGE_CODES -> Optional.of(StageName.PUBLISH);
      case PREDICTIONS -> Optional.of(StageName.PREDICT);
      case METRICS, METRIC_SLICES -> Optional.of(StageName.EVALUATE);
      case RUNS -> Optional.empty();
    };
  }
}
