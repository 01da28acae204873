package io.dicm.app.container;

import io.dicm.app.rpc.proto.LeaseReply;
import io.dicm.app.rpc.proto.LeaseRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.lease.LeaseSource;
import io.dicm.trainer.lease.SampleLease;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container's leases, from its master. A call without an answer is made again, for as long as the
 * master may be silent: asked twice, it answers the same. For one thread at a time.
 */
public final class MasterLeases implements LeaseSource {
  private static final Logger LOG = LoggerFactory.getLogger(MasterLeases.class);
  private static final long PAUSE_MS = 200;
  private static final Set<Status.Code> PASSING =
      EnumSet.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);

  private final MasterLink master;
  private final String containerId;
  private final long silenceLimitMs;

  /**
   * @param containerId this container's, registered
   * @param silenceLimitMs longest time, ms, without an answer
   */
  public MasterLeases(MasterLink master, String containerId, long silenceLimitMs) {
    this.master = master;
    this.containerId = containerId;
    this.silenceLimitMs = silenceLimitMs;
  }

  /**
   * {@inheritDoc}
   *
   * @throws DicmException {@link ErrorCode#SERVICE_UNAVAILABLE} when the master is silent or has no
   *     leases for this container; {@link ErrorCode#INTERRUPTED}
   */
  @Override
  public Optional<SampleLease> lease(int epoch, int number) {
    LeaseReply reply =
        ask(
            LeaseRequest.newBuilder()
                .setContainerId(containerId)
                .setEpoch(epoch)
                .setNumber(number)
                .build());
    return reply.hasLease()
        ? Optional.of(new SampleLease(reply.getLease().getFromRow(), reply.getLease().getToRow()))
        : Optional.empty();
  }

  private LeaseReply ask(LeaseRequest request) {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(silenceLimitMs);
    while (true) {
      try {
        return master.nextLease(request);
      } catch (StatusRuntimeException e) {
        boolean passing = PASSING.contains(e.getStatus().getCode());
        if (!passing || System.nanoTime() >= deadlineNanos) {
          throw new DicmException(
              ErrorCode.SERVICE_UNAVAILABLE,
              "Cannot get samples to read: the master's answer was " + e.getStatus() + ".",
              e);
        }
        LOG.warn("No lease from the master, asked again: {}", e.getStatus());
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DicmException(ErrorCode.INTERRUPTED, "Cannot get samples to read: interrupted.", e);
    }
  }
}
