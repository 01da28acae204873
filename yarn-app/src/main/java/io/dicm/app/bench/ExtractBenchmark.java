package io.dicm.app.bench;

import io.dicm.app.bench.ExtractProcess.Role;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.feature.bench.ExtractRate;
import io.dicm.feature.bench.MeasuredExtraction;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Measures one container's extraction and libtorch alone in turn, each in a process of its own, so
 * that both see the same machine and each has its own memory; several rounds, of which the median
 * counts. For one thread.
 */
public final class ExtractBenchmark {
  private static final long RUN_SECONDS = 3600;

  private final Configuration conf;
  private final MeasuredExtraction plan;
  private final Path folder;

  /**
   * Medians of both, and the most memory of any round.
   *
   * @param container from picture files to vectors
   * @param libtorch the network alone
   */
  public record Result(ExtractRate container, ExtractRate libtorch) {
    /** The container's pictures a second by libtorch's. */
    public double ratio() {
      return container.picturesPerSecond() / libtorch.picturesPerSecond();
    }
  }

  /**
   * @param conf every key of the processes; threads and batch size are the plan's
   * @param folder for temporary files
   */
  public ExtractBenchmark(Configuration conf, MeasuredExtraction plan, Path folder) {
    this.conf = conf;
    this.plan = plan;
    this.folder = folder;
  }

  /** Runs all rounds. */
  public Result run(int rounds, ProgressListener progress)
      throws IOException, InterruptedException {
    Path task = task();
    List<ExtractRate> container = new ArrayList<>();
    List<ExtractRate> libtorch = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      progress.progress(2L * round, 2L * rounds, "libtorch alone");
      libtorch.add(measure(Role.LIBTORCH, task));
      progress.progress(2L * round + 1, 2L * rounds, "container");
      container.add(measure(Role.CONTAINER, task));
    }
    return new Result(median(container), median(libtorch));
  }

  private ExtractRate measure(Role role, Path task) throws IOException, InterruptedException {
    try (BenchmarkProcess process =
        BenchmarkProcess.start(
            role.program(), task, plan.threads(), ApplicationSecret.generate())) {
      return process.answer(ExtractRate.class, RUN_SECONDS);
    }
  }

  private static ExtractRate median(List<ExtractRate> rates) {
    long peakBytes = rates.stream().mapToLong(ExtractRate::peakBytes).max().orElse(0);
    return rates.stream()
        .sorted(Comparator.comparingDouble(ExtractRate::picturesPerSecond))
        .toList()
        .get(rates.size() / 2)
        .withPeakBytes(peakBytes);
  }

  private Path task() throws IOException {
    Configuration own = new Configuration(conf);
    own.setInt(DicmKeys.EXTRACT_THREADS, plan.threads());
    own.setInt(DicmKeys.EXTRACT_BATCH_SIZE, plan.batchSize());
    Path configuration = Files.createTempFile(folder, "dicm", ".xml");
    try (OutputStream out = Files.newOutputStream(configuration)) {
      own.writeXml(out);
    }
    Path task = Files.createTempFile(folder, "task", ".json");
    new JsonFiles(new Configuration(false))
        .write(
            new org.apache.hadoop.fs.Path(task.toUri()),
            new ExtractProcess.Task(plan, configuration.toUri().toString()));
    return task;
  }
}
