package io.dicm.app.master.membership;

import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.HeartbeatReply;
import io.dicm.app.rpc.proto.HeartbeatRequest;
import io.dicm.app.rpc.proto.MasterGrpc.MasterImplBase;
import io.dicm.app.rpc.proto.Order;
import io.dicm.app.rpc.proto.RegisterRequest;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicReference;

/** Answers containers' calls from the membership of the gang that runs at the time. Thread-safe. */
public final class MasterService extends MasterImplBase {
  private record Running(Membership membership, Assignment assignment) {}

  private final AtomicReference<Running> running = new AtomicReference<>();

  /** From now on answers for this gang. */
  public void begin(Membership membership, Assignment assignment) {
    running.set(new Running(membership, assignment));
  }

  /** From now on tells everybody to stop. */
  public void end() {
    running.set(null);
  }

  @Override
  public void register(RegisterRequest request, StreamObserver<Assignment> reply) {
    Running gang = running.get();
    if (gang == null || !gang.membership.register(request.getContainerId())) {
      reply.onError(
          Status.FAILED_PRECONDITION
              .withDescription(request.getContainerId() + " is not expected here")
              .asRuntimeException());
      return;
    }
    reply.onNext(gang.assignment);
    reply.onCompleted();
  }

  @Override
  public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatReply> reply) {
    reply.onNext(answer(request));
    reply.onCompleted();
  }

  private HeartbeatReply answer(HeartbeatRequest request) {
    Running gang = running.get();
    if (gang == null) {
      return HeartbeatReply.newBuilder().setOrder(Order.STOP).build();
    }
    Order order = gang.membership.heartbeat(request.getContainerId(), MemberReport.of(request));
    HeartbeatReply.Builder reply = HeartbeatReply.newBuilder().setOrder(order);
    if (order == Order.RUN) {
      reply.addAllServerAddresses(gang.membership.serverAddresses());
    }
    return reply.build();
  }
}
