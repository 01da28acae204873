package io.dicm.app.container;

import io.dicm.app.rpc.SecretHeader;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.HeartbeatReply;
import io.dicm.app.rpc.proto.HeartbeatRequest;
import io.dicm.app.rpc.proto.LeaseReply;
import io.dicm.app.rpc.proto.LeaseRequest;
import io.dicm.app.rpc.proto.MasterGrpc;
import io.dicm.app.rpc.proto.MasterGrpc.MasterBlockingStub;
import io.dicm.app.rpc.proto.RegisterRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;

/** A container's connection to its master. Safe for use by many threads. */
public final class MasterLink implements AutoCloseable {
  private static final int CALL_DEADLINE_SECONDS = 10;
  private static final int REGISTER_DEADLINE_SECONDS = 60;

  private final String address;
  private final ManagedChannel channel;
  private final MasterBlockingStub master;

  /**
   * @param address host:port of the master
   */
  public MasterLink(String address, ContainerIdentity identity) {
    this.address = address;
    this.channel =
        identity
            .transport()
            .connect(NettyChannelBuilder.forTarget(address))
            .intercept(SecretHeader.sending(identity.secret()))
            .build();
    this.master = MasterGrpc.newBlockingStub(channel);
  }

  /**
   * Introduces this container.
   *
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} or {@link
   *     ErrorCode#SERVICE_UNAVAILABLE}
   */
  public Assignment register(String containerId) {
    try {
      return master
          .withWaitForReady()
          .withDeadlineAfter(REGISTER_DEADLINE_SECONDS, TimeUnit.SECONDS)
          .register(RegisterRequest.newBuilder().setContainerId(containerId).build());
    } catch (StatusRuntimeException e) {
      boolean refused = e.getStatus().getCode() == Status.Code.UNAUTHENTICATED;
      throw new DicmException(
          refused ? ErrorCode.AUTHENTICATION_FAILED : ErrorCode.SERVICE_UNAVAILABLE,
          "Cannot register at the master " + address + ": " + e.getStatus() + ".",
          e);
    }
  }

  /** Sends one heartbeat; a {@link StatusRuntimeException} when there is no answer. */
  HeartbeatReply heartbeat(HeartbeatRequest heartbeat) {
    return master.withDeadlineAfter(CALL_DEADLINE_SECONDS, TimeUnit.SECONDS).heartbeat(heartbeat);
  }

  /** Asks for a lease once; a {@link StatusRuntimeException} when there is no answer. */
  LeaseReply nextLease(LeaseRequest request) {
    return master.withDeadlineAfter(CALL_DEADLINE_SECONDS, TimeUnit.SECONDS).nextLease(request);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
