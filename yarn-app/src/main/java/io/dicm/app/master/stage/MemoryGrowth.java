package io.dicm.app.master.stage;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Role;
import io.dicm.app.master.membership.Recovery;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a role's containers more memory when one of them ended for lack of it, where that is
 * wanted. It lasts to the end of this attempt of the master. For one thread.
 */
public final class MemoryGrowth {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryGrowth.class);
  private static final double MOST_FACTOR = 4;

  private final double factor;
  private final int largestMb;
  private final Map<Role, Integer> steps = new EnumMap<>(Role.class);
  private final Map<Role, Integer> grownMb = new EnumMap<>(Role.class);

  /**
   * @param factor from one size to the next; 1: there is no next one
   * @param largestMb memory of the cluster's largest container, MiB
   */
  MemoryGrowth(double factor, int largestMb) {
    this.factor = factor;
    this.largestMb = largestMb;
  }

  /** As configured. */
  static MemoryGrowth of(DicmConfiguration conf, int largestMb) {
    return new MemoryGrowth(factor(conf), largestMb);
  }

  /** The configured factor. */
  public static double factor(DicmConfiguration conf) {
    return conf.number(DicmKeys.YARN_MEMORY_GROWTH, 1, MOST_FACTOR);
  }

  /**
   * What a request has become.
   *
   * @param request as configured
   */
  RoleRequest applied(RoleRequest request) {
    int configuredMb = request.memory().totalMb();
    int wantedMb = sizeMb(request.role(), configuredMb);
    if (wantedMb <= configuredMb) {
      return request;
    }
    grownMb.put(request.role(), wantedMb);
    double heapFraction = (double) request.memory().heapMb() / configuredMb;
    return new RoleRequest(
        request.role(),
        request.count(),
        ContainerMemory.of(request.role().label(), wantedMb, heapFraction),
        request.vcores(),
        request.gpus());
  }

  /** Whether a restart may mend a failure; when more memory can, the role gets it from now on. */
  Recovery recovery(GangOutcome.Failed failed) {
    if (failed.shortOfMemory().isEmpty() || factor <= 1) {
      return failed.recovery();
    }
    Role role = failed.shortOfMemory().get();
    if (grownMb.getOrDefault(role, 0) >= largestMb) {
      LOG.warn("{}s have the cluster's largest containers of {} MiB", role.label(), largestMb);
      return failed.recovery();
    }
    steps.merge(role, 1, Integer::sum);
    LOG.warn("{}s get {} times their memory from now on", role.label(), factor);
    return Recovery.RESTART;
  }

  private int sizeMb(Role role, int configuredMb) {
    double wanted = configuredMb * Math.pow(factor, steps.getOrDefault(role, 0));
    return (int) Math.max(configuredMb, Math.min(largestMb, wanted));
  }
}
