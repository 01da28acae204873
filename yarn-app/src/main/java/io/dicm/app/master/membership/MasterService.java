package io.dicm.app.master.membership;

import com.google.protobuf.ByteString;
import io.dicm.app.launch.Member;
import io.dicm.app.master.security.ApplicationTokens;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.HeartbeatReply;
import io.dicm.app.rpc.proto.HeartbeatRequest;
import io.dicm.app.rpc.proto.Lease;
import io.dicm.app.rpc.proto.LeaseReply;
import io.dicm.app.rpc.proto.LeaseRequest;
import io.dicm.app.rpc.proto.MasterGrpc.MasterImplBase;
import io.dicm.app.rpc.proto.Order;
import io.dicm.app.rpc.proto.RegisterRequest;
import io.dicm.trainer.lease.LeaseLedger;
import io.dicm.trainer.lease.SampleLease;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Answers containers' calls from the membership of the gang that runs at the time. Thread-safe. */
public final class MasterService extends MasterImplBase {
  private record Running(
      Membership membership, Assignment assignment, Optional<LeaseLedger> leases) {}

  private final AtomicReference<Running> running = new AtomicReference<>();
  private final ApplicationTokens tokens;

  /**
   * @param tokens that containers get whenever there are newer ones than they have
   */
  public MasterService(ApplicationTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * From now on answers for this gang.
   *
   * @param leases of its samples; nothing where each member has an equal share
   */
  public void begin(Membership membership, Assignment assignment, Optional<LeaseLedger> leases) {
    running.set(new Running(membership, assignment, leases));
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

  @Override
  public void nextLease(LeaseRequest request, StreamObserver<LeaseReply> reply) {
    Optional<LeaseReply> answer;
    try {
      answer = lease(request);
    } catch (IllegalArgumentException e) {
      reply.onError(
          Status.INVALID_ARGUMENT
              .withDescription(request.getContainerId() + ": " + e.getMessage())
              .asRuntimeException());
      return;
    }
    if (answer.isEmpty()) {
      reply.onError(
          Status.FAILED_PRECONDITION
              .withDescription(request.getContainerId() + " has no leases here")
              .asRuntimeException());
      return;
    }
    reply.onNext(answer.get());
    reply.onCompleted();
  }

  private Optional<LeaseReply> lease(LeaseRequest request) {
    Running gang = running.get();
    if (gang == null || gang.leases.isEmpty()) {
      return Optional.empty();
    }
    Optional<Member> member = gang.membership.member(request.getContainerId());
    return member.map(
        known ->
            reply(gang.leases.get().lease(known.index(), request.getEpoch(), request.getNumber())));
  }

  private static LeaseReply reply(Optional<SampleLease> lease) {
    LeaseReply.Builder reply = LeaseReply.newBuilder();
    lease.ifPresent(
        rows ->
            reply.setLease(Lease.newBuilder().setFromRow(rows.fromRow()).setToRow(rows.toRow())));
    return reply.build();
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
    ApplicationTokens.Snapshot latest = tokens.latest();
    if (latest.version() > request.getTokensVersion()) {
      reply.setTokens(ByteString.copyFrom(latest.serialized())).setTokensVersion(latest.version());
    }
    return reply.build();
  }
}
