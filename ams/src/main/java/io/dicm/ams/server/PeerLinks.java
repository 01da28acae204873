package io.dicm.ams.server;

import com.google.common.util.concurrent.ListenableFuture;
import io.dicm.ams.proto.AdvancedModelServerGrpc;
import io.dicm.ams.proto.ReduceGradientsReply;
import io.dicm.ams.proto.ReduceGradientsRequest;
import io.dicm.ams.reduce.GradientSender;
import io.dicm.ams.wire.CallFailures;
import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.Calls;
import io.dicm.ams.wire.Channels;
import io.dicm.ams.wire.WireArrays;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.grpc.ManagedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** A server's connections to all other servers. Safe for use by many threads. */
final class PeerLinks implements GradientSender, AutoCloseable {
  private final int server;
  private final int servers;
  private final long timeoutMs;
  private final CallHeaders headers;
  private final TrafficCounter traffic;
  private volatile List<ManagedChannel> channels = List.of();

  PeerLinks(int server, int servers, long timeoutMs, CallHeaders headers, TrafficCounter traffic) {
    this.server = server;
    this.servers = servers;
    this.timeoutMs = timeoutMs;
    this.headers = headers;
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
        opened.add(Channels.open(hostPorts.get(peer), headers));
      }
    }
    channels = opened;
  }

  /** Whether the server knows its peers. */
  boolean isConnected() {
    return channels.size() == servers - 1;
  }

  @Override
  public CompletionStage<Void> send(long step, List<float[]> networkGradients) {
    ReduceGradientsRequest.Builder request =
        ReduceGradientsRequest.newBuilder().setServer(server).setStep(step);
    networkGradients.forEach(
        gradient -> request.addNetworkGradients(WireArrays.ofFloats(gradient)));
    ReduceGradientsRequest message = request.build();
    return Calls.all(channels.stream().map(channel -> send(channel, message)).toList())
        .handle(PeerLinks::checkSent);
  }

  private ListenableFuture<ReduceGradientsReply> send(
      ManagedChannel channel, ReduceGradientsRequest message) {
    traffic.sent(message);
    return AdvancedModelServerGrpc.newFutureStub(channel)
        .withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS)
        .reduceGradients(message);
  }

  private static Void checkSent(List<ReduceGradientsReply> replies, Throwable error) {
    if (error != null) {
      throw CallFailures.toException(error, "send the sub-model's gradient to another server");
    }
    return null;
  }

  @Override
  public void close() {
    Channels.close(channels);
  }
}
