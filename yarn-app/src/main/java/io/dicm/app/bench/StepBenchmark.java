package io.dicm.app.bench;

import io.dicm.app.bench.StepProcess.Place;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.bench.StepPlan;
import io.dicm.trainer.bench.StepRate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Measures the plain loop, our training on shuffled and on grouped samples in turn, so that all see
 * the same machine; several rounds, of which the median counts. For one thread.
 */
public final class StepBenchmark {
  private static final long START_SECONDS = 300;
  private static final long RUN_SECONDS = 1800;

  /** A server's threads share its products among them: native libraries must not do so again. */
  private static final int SERVER_NATIVE_THREADS = 1;

  private final Configuration conf;
  private final StepPlan plan;
  private final Threads threads;
  private final Path folder;

  /** What is measured. */
  public enum Way {
    /** One process with a plain libtorch loop, shuffled samples. */
    PLAIN_LOOP("shuffled"),
    /** A server and a worker, shuffled samples. */
    SHUFFLED("shuffled"),
    /** A server and a worker, samples grouped by user. */
    GROUPED("grouped");

    private final String sampleOrder;

    Way(String sampleOrder) {
      this.sampleOrder = sampleOrder;
    }
  }

  /**
   * Compute threads of each process.
   *
   * @param plain of the plain loop
   * @param server of our server
   * @param worker of our worker
   */
  public record Threads(int plain, int server, int worker) {}

  /**
   * @param conf every key of the processes
   * @param folder for temporary files
   */
  public StepBenchmark(Configuration conf, StepPlan plan, Threads threads, Path folder) {
    this.conf = conf;
    this.plan = plan;
    this.threads = threads;
    this.folder = folder;
  }

  /** Runs all rounds. */
  public Map<Way, StepRate> run(int rounds, ProgressListener progress)
      throws IOException, InterruptedException {
    Map<Way, List<StepRate>> rates = new EnumMap<>(Way.class);
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      for (Way way : Way.values()) {
        progress.progress(done++, (long) rounds * Way.values().length, way.toString());
        rates.computeIfAbsent(way, first -> new ArrayList<>()).add(measure(way));
      }
    }
    Map<Way, StepRate> medians = new EnumMap<>(Way.class);
    rates.forEach((way, all) -> medians.put(way, median(all)));
    return medians;
  }

  private static StepRate median(List<StepRate> rates) {
    return rates.stream()
        .sorted(Comparator.comparingDouble(StepRate::samplesPerSecond))
        .toList()
        .get(rates.size() / 2);
  }

  private StepRate measure(Way way) throws IOException, InterruptedException {
    ApplicationSecret secret = ApplicationSecret.generate();
    if (way == Way.PLAIN_LOOP) {
      return rate(
          StepProcess.Role.PLAIN, task(way, threads.plain(), List.of()), threads.plain(), secret);
    }
    try (BenchmarkProcess server =
        BenchmarkProcess.start(
            StepProcess.Role.SERVER.program(),
            task(way, threads.server(), List.of()),
            SERVER_NATIVE_THREADS,
            secret)) {
      String address = server.answer(String.class, START_SECONDS);
      server.tell(address);
      server.answer(Integer.class, START_SECONDS);
      Path task = task(way, threads.worker(), List.of(address));
      return rate(StepProcess.Role.WORKER, task, threads.worker(), secret);
    }
  }

  private static StepRate rate(
      StepProcess.Role role, Path task, int threads, ApplicationSecret secret)
      throws IOException, InterruptedException {
    try (BenchmarkProcess process = BenchmarkProcess.start(role.program(), task, threads, secret)) {
      return process.answer(StepRate.class, RUN_SECONDS);
    }
  }

  private Path task(Way way, int computeThreads, List<String> servers) throws IOException {
    Configuration own = new Configuration(conf);
    own.set(DicmKeys.TRAIN_SAMPLE_ORDER, way.sampleOrder);
    return new StepTasks(own, plan, folder).write(computeThreads, Place.ALONE, servers);
  }
}
