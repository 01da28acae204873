package io.dicm.ams.wire;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Opens and closes connections to Advanced Model Servers, all with the same settings. */
public final class Channels {
  /** Largest message that anybody sends or takes, bytes: a server's part of a large step. */
  public static final int MAX_MESSAGE_BYTES = 256 << 20;

  /** What a server takes however small it is: a range of a large sub-model. */
  private static final int LEAST_SERVER_LIMIT_BYTES = 16 << 20;

  /**
   * A message is in a server's memory several times: as it came or goes, as the arrays it is read
   * into or made of, and the same of the other calls under way. One must never fill the heap.
   */
  private static final int SERVER_HEAP_PARTS = 8;

  /** Time between signs of life on a silent connection, seconds. */
  public static final int KEEP_ALIVE_SECONDS = 20;

  private static final int CLOSE_SECONDS = 5;

  /** Calls may be repeated (the servers answer the same), so an unreachable server is retried. */
  private static final Map<String, Object> RETRY_UNAVAILABLE =
      Map.of(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(Map.of()),
                  "retryPolicy",
                  Map.of(
                      "maxAttempts",
                      5.0,
                      "initialBackoff",
                      "0.2s",
                      "maxBackoff",
                      "5s",
                      "backoffMultiplier",
                      3.0,
                      "retryableStatusCodes",
                      List.of("UNAVAILABLE")))));

  private Channels() {}

  /**
   * Largest message that a server should take, and make for an answer, bytes: an eighth of its
   * heap, at least 16 MiB and at most {@link #MAX_MESSAGE_BYTES}.
   *
   * @param heapBytes the most that the server's heap may become
   */
  public static int serverLimitBytes(long heapBytes) {
    return (int)
        Math.max(
            LEAST_SERVER_LIMIT_BYTES, Math.min(MAX_MESSAGE_BYTES, heapBytes / SERVER_HEAP_PARTS));
  }

  /** Opens a connection to {@code host:port}; it is made when the first call needs it. */
  public static ManagedChannel open(String hostPort, CallHeaders headers, Transport transport) {
    int colon = hostPort.lastIndexOf(':');
    try {
      String host = hostPort.substring(0, colon);
      int port = Integer.parseInt(hostPort.substring(colon + 1));
      return open(NettyChannelBuilder.forAddress(host, port), headers, transport);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot connect to " + hostPort + ": needed host:port.",
          e);
    }
  }

  private static ManagedChannel open(
      NettyChannelBuilder channel, CallHeaders headers, Transport transport) {
    return transport
        .connect(channel)
        .directExecutor()
        .intercept(headers.sender())
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .enableRetry()
        .retryBufferSize(2L * MAX_MESSAGE_BYTES)
        .perRpcBufferLimit(MAX_MESSAGE_BYTES)
        .defaultServiceConfig(RETRY_UNAVAILABLE)
        .build();
  }

  /** Closes connections; calls under way fail. */
  public static void close(List<ManagedChannel> channels) {
    channels.forEach(ManagedChannel::shutdownNow);
    try {
      for (ManagedChannel channel : channels) {
        channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
