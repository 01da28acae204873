package io.dicm.ams.server;

import io.dicm.ams.proto.AdvancedModelServerGrpc;
import io.dicm.ams.proto.AdvancedModelServerGrpc.AdvancedModelServerFutureStub;
import io.dicm.ams.proto.ReduceGradientsRequest;
import io.dicm.ams.proto.ShareValuesRequest;
import io.dicm.ams.proto.VectorsReply;
import io.dicm.ams.proto.VectorsRequest;
import io.dicm.ams.reduce.GradientPart;
import io.dicm.ams.reduce.PeerSender;
import io.dicm.ams.reduce.RangeValues;
import io.dicm.ams.tier.PeerSource;
import io.dicm.ams.tier.StoredVectors;
import io.dicm.ams.wire.CallFailures;
import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.Calls;
import io.dicm.ams.wire.Channels;
import io.dicm.ams.wire.ReplicaMessages;
import io.dicm.ams.wire.TierMessages;
import io.dicm.ams.wire.Transport;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A server's connections to all other servers. Safe for use by many threads. */
final class PeerLinks implements PeerSender, PeerSource, AutoCloseable {
  private final int server;
  private final int servers;
  private final long timeoutMs;
  private final CallHeaders headers;
  private final Transport transport;
  private final TrafficCounter traffic;

  /** To the other servers, in their order. */
  private volatile List<ManagedChannel> channels = List.of();

  PeerLinks(
      int server,
      int servers,
      long timeoutMs,
      CallHeaders headers,
      Transport transport,
      TrafficCounter traffic) {
    this.server = server;
    this.servers = servers;
    this.timeoutMs = timeoutMs;
    this.headers = headers;
    this.transport = transport;
    this.traffic = traffic;
  }

  /**
   * Connects to the others; once.
   *
   * @param hostPorts of all servers by index, this one included
   */
  void connect(List<String> hostPorts) {
    if (hostPorts.size() != servers) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot connect server "
              + server
              + " to its peers: got "
              + hostPorts.size()
              + " addresses, needed "
              + servers
              + ".");
    }
    List<ManagedChannel> opened = new ArrayList<>();
    for (int peer = 0; peer < servers; peer++) {
      if (peer != server) {
        opened.add(Channels.open(hostPorts.get(peer), headers, transport));
      }
    }
    channels = opened;
  }

  /** Whether the server knows its peers. */
  boolean isConnected() {
    return channels.size() == servers - 1;
  }

  @Override
  public CompletionStage<Void> sendGradients(int to, GradientPart part) {
    ReduceGradientsRequest message = ReplicaMessages.message(part);
    traffic.sent(message);
    return Calls.all(List.of(stub(channelTo(to)).reduceGradients(message)))
        .handle((replies, error) -> checkSent(error, "gradient to server " + to));
  }

  @Override
  public CompletionStage<Void> sendValues(RangeValues values) {
    ShareValuesRequest message = ReplicaMessages.message(values);
    channels.forEach(channel -> traffic.sent(message));
    return Calls.all(channels.stream().map(channel -> stub(channel).shareValues(message)).toList())
        .handle((replies, error) -> checkSent(error, "new values to the other servers"));
  }

  @Override
  public CompletableFuture<StoredVectors> vectors(int from, long[] imageKeys) {
    VectorsRequest message = TierMessages.message(imageKeys);
    traffic.sent(message);
    return Calls.all(List.of(stub(channelTo(from)).vectors(message)))
        .handle((replies, error) -> checkReceived(from, replies, error));
  }

  private StoredVectors checkReceived(int from, List<VectorsReply> replies, Throwable error) {
    if (error == null) {
      traffic.received(replies.get(0));
      return TierMessages.record(replies.get(0));
    }
    if (Status.fromThrowable(error).getCode() == Status.Code.DEADLINE_EXCEEDED) {
      throw new DicmException(
          ErrorCode.WINDOW_TIMED_OUT,
          "Cannot fetch image vectors from server %d: it did not answer within %d ms. See its log."
              .formatted(from, timeoutMs),
          error);
    }
    throw CallFailures.toException(error, "fetch image vectors from server " + from);
  }

  private ManagedChannel channelTo(int other) {
    return channels.get(other < server ? other : other - 1);
  }

  private AdvancedModelServerFutureStub stub(ManagedChannel channel) {
    return AdvancedModelServerGrpc.newFutureStub(channel)
        .withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS);
  }

  private static Void checkSent(Throwable error, String what) {
    if (error != null) {
      throw CallFailures.toException(error, "send the sub-model's " + what);
    }
    return null;
  }

  @Override
  public void close() {
    Channels.close(channels);
  }
}
