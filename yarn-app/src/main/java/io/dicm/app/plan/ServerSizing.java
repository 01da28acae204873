package io.dicm.app.plan;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;

/**
 * Finds the container that a server needs by trying sizes: so it follows the rules that the servers
 * follow, whatever those are. For one thread.
 */
final class ServerSizing {
  static final int STEP_MB = 128;
  static final int MOST_MB = 1 << 24;

  private static final List<Double> LESS_HEAP = List.of(0.2, 0.15, 0.1, 0.05);

  /** For messages and the sub-model's values: the heap of a server with the usual settings. */
  private static final int LEAST_HEAP_MB = 460;

  /** A smaller saving is not worth another key. */
  private static final double WORTHWHILE = 0.9;

  private final DicmConfiguration tried;
  private final ServerNeed need;
  private final int servers;
  private final int workers;

  ServerSizing(DicmConfiguration conf, ServerNeed need, int servers, int workers) {
    this.tried = DicmConfiguration.of(new Configuration(conf.hadoop()));
    this.need = need;
    this.servers = servers;
    this.workers = workers;
  }

  /** The least container with the configured share of heap, MiB; nothing: none is enough. */
  OptionalInt leastMb() {
    int low = 0;
    int high = MOST_MB / STEP_MB;
    while (low < high) {
      int middle = (low + high) / 2;
      if (fits(middle * STEP_MB)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return fits(low * STEP_MB) ? OptionalInt.of(low * STEP_MB) : OptionalInt.empty();
  }

  /** A clearly smaller container with a smaller share of heap, if there is one. */
  Optional<LeanServer> lean() {
    double most = leastMb().orElse(MOST_MB) * WORTHWHILE;
    String configured = tried.text(DicmKeys.YARN_SERVER_HEAP_FRACTION);
    try {
      return LESS_HEAP.stream()
          .filter(fraction -> fraction < Double.parseDouble(configured))
          .flatMap(fraction -> withHeap(fraction).stream())
          .filter(server -> server.memoryMb() < most)
          .min(Comparator.comparingInt(LeanServer::memoryMb));
    } finally {
      tried.hadoop().set(DicmKeys.YARN_SERVER_HEAP_FRACTION, configured);
    }
  }

  private Optional<LeanServer> withHeap(double fraction) {
    tried.hadoop().setDouble(DicmKeys.YARN_SERVER_HEAP_FRACTION, fraction);
    OptionalInt least = leastMb();
    return least.isPresent() && least.getAsInt() * fraction >= LEAST_HEAP_MB
        ? Optional.of(new LeanServer(least.getAsInt(), fraction))
        : Optional.empty();
  }

  private boolean fits(int memoryMb) {
    tried.hadoop().setInt(DicmKeys.YARN_SERVER_MEMORY_MB, memoryMb);
    try {
      ServerNeed there = need.in(ServerRoom.of(tried, servers, workers));
      return there.vectorsFit() && there.idsFit();
    } catch (DicmException e) {
      return false; // Too small to be a container.
    }
  }
}
