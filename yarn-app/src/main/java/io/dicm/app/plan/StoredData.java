package io.dicm.app.plan;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.RunSamples;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.store.FeatureStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a run finds in its workspace, by manifests alone.
 *
 * @param vectors of the newest snapshot that the run can use; nothing before the first extraction
 * @param samples of the run itself, or of the newest other run; nothing where there are none
 */
public record StoredData(Optional<VectorCounts> vectors, Optional<SampleCounts> samples) {
  private static final int MOST_RUNS_LOOKED_AT = 20;

  /**
   * Reads the manifests.
   *
   * @throws io.dicm.common.error.DicmException when one is there and cannot be read
   */
  public static StoredData read(DicmConfiguration conf, PipelineSettings settings)
      throws IOException {
    return new StoredData(vectors(conf, settings), samples(conf, settings));
  }

  /** Of the day of the run, or of the last one before it. */
  public static Optional<VectorCounts> vectors(DicmConfiguration conf, PipelineSettings settings)
      throws IOException {
    FeatureStore store =
        FeatureStore.open(conf.hadoop(), settings.workspace().features(extractorId(conf)));
    if (!store.directory().getFileSystem(conf.hadoop()).exists(store.directory())) {
      return Optional.empty();
    }
    return store.dates().stream()
        .filter(date -> date.compareTo(settings.date()) <= 0)
        .max(Comparator.naturalOrder())
        .map(date -> VectorCounts.of(store.partition(date).toString(), store.manifest(date)));
  }

  private static String extractorId(DicmConfiguration conf) throws IOException {
    return EncoderProviders.configured(conf.hadoop()).describe(conf.hadoop()).extractorId();
  }

  private static Optional<SampleCounts> samples(DicmConfiguration conf, PipelineSettings settings)
      throws IOException {
    List<Path> candidates = new ArrayList<>();
    candidates.add(RunSamples.directory(conf, settings));
    candidates.addAll(others(conf, settings.workspace()));
    for (Path candidate : candidates) {
      if (DirectoryPublisher.isComplete(conf.hadoop(), candidate)) {
        return Optional.of(SampleCounts.read(conf.hadoop(), candidate));
      }
    }
    return Optional.empty();
  }

  /** The newest first. */
  private static List<Path> others(DicmConfiguration conf, Workspace workspace) throws IOException {
    Path parent = workspace.samples("any").getParent();
    FileSystem fs = parent.getFileSystem(conf.hadoop());
    if (!fs.exists(parent)) {
      return List.of();
    }
    return Arrays.stream(fs.listStatus(parent, path -> path.getName().startsWith("run=")))
        .sorted(Comparator.comparingLong(FileStatus::getModificationTime).reversed())
        .limit(MOST_RUNS_LOOKED_AT)
        .map(FileStatus::getPath)
        .toList();
  }
}
