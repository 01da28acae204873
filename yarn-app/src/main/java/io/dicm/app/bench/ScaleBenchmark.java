package io.dicm.app.bench;

import io.dicm.app.bench.StepProcess.Place;
import io.dicm.app.bench.StepProcess.Role;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.bench.StepPlan;
import io.dicm.trainer.bench.StepRate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Trains with several numbers of servers and workers in turn, each a process of its own on this
 * machine, which talk over the loopback network as they do in a cluster. Each worker makes the same
 * number of steps of the same size on its share of the same samples (weak scaling): with n workers
 * n times as many impressions are trained, and with perfect scaling in the same time. For one
 * thread.
 */
public final class ScaleBenchmark {
  private static final long START_SECONDS = 300;
  private static final long RUN_SECONDS = 1800;

  /** A server's threads share its products among them: native libraries must not do so again. */
  private static final int SERVER_NATIVE_THREADS = 1;

  private final Configuration conf;
  private final StepPlan plan;
  private final int threads;
  private final Path folder;

  /**
   * How many processes train together.
   *
   * @param servers 1 or more
   * @param workers 1 or more
   */
  public record Size(int servers, int workers) {
    /** What all others are held against. */
    public static final Size LEAST = new Size(1, 1);

    /** Such as {@code 2x4}: servers, then workers. */
    public String label() {
      return servers + "x" + workers;
    }

    /** All of them. */
    public int processes() {
      return servers + workers;
    }
  }

  /**
   * What was measured of one size.
   *
   * @param samplesPerSecond impressions of all workers
   * @param stepMs median time of a step, mean over the workers, ms
   * @param processors that all processes together kept busy, on average over the measured steps
   */
  public record Rate(double samplesPerSecond, double stepMs, double processors) {}

  /**
   * @param conf every key of the processes
   * @param plan what each worker does
   * @param threads compute threads of each process
   * @param folder for temporary files
   */
  public ScaleBenchmark(Configuration conf, StepPlan plan, int threads, Path folder) {
    this.conf = conf;
    this.plan = plan;
    this.threads = threads;
    this.folder = folder;
  }

  /** Runs all rounds; gives the median round of each size, by samples a second. */
  public Map<Size, Rate> run(List<Size> sizes, int rounds, ProgressListener progress)
      throws IOException, InterruptedException {
    Map<Size, List<Rate>> rates = new LinkedHashMap<>();
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      for (Size size : sizes) {
        progress.progress(done++, (long) rounds * sizes.size(), size.label());
        rates.computeIfAbsent(size, first -> new ArrayList<>()).add(measure(size));
      }
    }
    Map<Size, Rate> medians = new LinkedHashMap<>();
    rates.forEach(
        (size, all) ->
            medians.put(
                size,
                all.stream()
                    .sorted(Comparator.comparingDouble(Rate::samplesPerSecond))
                    .toList()
                    .get(all.size() / 2)));
    return medians;
  }

  private Rate measure(Size size) throws IOException, InterruptedException {
    ApplicationSecret secret = ApplicationSecret.generate();
    List<BenchmarkProcess> processes = new ArrayList<>();
    try {
      List<String> addresses = startServers(size, secret, processes);
      List<BenchmarkProcess> workers = startWorkers(size, secret, addresses, processes);
      for (BenchmarkProcess worker : workers) {
        worker.awaitBeginning(START_SECONDS);
      }
      long start = System.nanoTime();
      Duration before = processorTime(processes);
      List<StepRate> rates = new ArrayList<>();
      for (BenchmarkProcess worker : workers) {
        rates.add(worker.answer(StepRate.class, RUN_SECONDS));
      }
      Duration worked = processorTime(processes).minus(before);
      double nanos = System.nanoTime() - start;
      return new Rate(
          rates.stream().mapToDouble(StepRate::samplesPerSecond).sum(),
          rates.stream().mapToDouble(StepRate::stepMs).average().orElseThrow(),
          worked.toNanos() / nanos);
    } finally {
      processes.forEach(BenchmarkProcess::close);
    }
  }

  /** Starts the servers and has them find each other; gives their addresses. */
  private List<String> startServers(
      Size size, ApplicationSecret secret, List<BenchmarkProcess> processes)
      throws IOException, InterruptedException {
    List<BenchmarkProcess> servers = new ArrayList<>();
    for (int index = 0; index < size.servers(); index++) {
      Place place = new Place(index, size.servers(), size.workers());
      servers.add(start(Role.SERVER, place, List.of(), SERVER_NATIVE_THREADS, secret, processes));
    }
    List<String> addresses = new ArrayList<>();
    for (BenchmarkProcess server : servers) {
      addresses.add(server.answer(String.class, START_SECONDS));
    }
    for (BenchmarkProcess server : servers) {
      server.tell(String.join(",", addresses));
    }
    for (BenchmarkProcess server : servers) {
      server.answer(Integer.class, START_SECONDS);
    }
    return addresses;
  }

  private List<BenchmarkProcess> startWorkers(
      Size size, ApplicationSecret secret, List<String> servers, List<BenchmarkProcess> processes)
      throws IOException {
    List<BenchmarkProcess> workers = new ArrayList<>();
    for (int index = 0; index < size.workers(); index++) {
      Place place = new Place(index, size.servers(), size.workers());
      workers.add(start(Role.WORKER, place, servers, threads, secret, processes));
    }
    return workers;
  }

  private BenchmarkProcess start(
      Role role,
      Place place,
      List<String> servers,
      int nativeThreads,
      ApplicationSecret secret,
      List<BenchmarkProcess> processes)
      throws IOException {
    Path task = new StepTasks(conf, plan, folder).write(threads, place, servers);
    BenchmarkProcess process = BenchmarkProcess.start(role.program(), task, nativeThreads, secret);
    processes.add(process);
    return process;
  }

  /**
   * A worker that has answered may have ended: what it worked after its answer is lost either way.
   */
  private static Duration processorTime(List<BenchmarkProcess> processes) {
    return processes.stream()
        .map(BenchmarkProcess::processorTime)
        .reduce(Duration.ZERO, Duration::plus);
  }
}
