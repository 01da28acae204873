package io.dicm.ams.server;

import io.dicm.ams.wire.CallHeaders;
import io.dicm.ams.wire.Channels;
import io.dicm.ams.wire.Transport;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port of a server, with the threads that serve its calls: takes calls with the application's
 * secret only, no larger and no more at a time than a peer that keeps to the order makes.
 */
final class RpcListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcListener.class);

  private static final int RPC_THREADS = 4;
  private static final int EXCHANGE_OVERHEAD_BYTES = 1 << 16;
  private static final int OTHER_CALLS = 8;
  private static final long CLOSE_SECONDS = 5;

  private final int index;
  private final Server server;
  private final ExecutorService threads;

  private RpcListener(int index, Server server, ExecutorService threads) {
    this.index = index;
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts to listen.
   *
   * @param networkLengths values of each network, which servers send each other
   * @throws DicmException {@link ErrorCode#PORT_IN_USE} when it cannot
   */
  static RpcListener start(
      AmsServerOptions options,
      CallHeaders headers,
      Transport transport,
      int[] networkLengths,
      AmsRpcService service) {
    InetSocketAddress address =
        options.bindHost().isEmpty()
            ? new InetSocketAddress(0)
            : new InetSocketAddress(options.bindHost(), 0);
    ExecutorService threads = threads("ams-" + options.index() + "-rpc-");
    try {
      Server server =
          transport
              .listen(NettyServerBuilder.forAddress(address))
              .executor(threads)
              .maxConcurrentCallsPerConnection(mostCallsAtATime(options))
              .addService(service)
              .intercept(headers.guard())
              .maxInboundMessageSize(mostMessageBytes(options, networkLengths))
              .permitKeepAliveTime(Channels.KEEP_ALIVE_SECONDS / 2, TimeUnit.SECONDS)
              .build()
              .start();
      LOG.info("Server {} listens at port {}.", options.index(), server.getPort());
      return new RpcListener(options.index(), server, threads);
    } catch (IOException e) {
      threads.shutdownNow();
      throw new DicmException(
          ErrorCode.PORT_IN_USE, "Cannot listen at " + address + ": " + e.getMessage(), e);
    }
  }

  private static ExecutorService threads(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        RPC_THREADS,
        task -> {
          Thread thread = new Thread(task, prefix + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** What workers may send, or what the servers tell each other of a network. */
  private static int mostMessageBytes(AmsServerOptions options, int[] networkLengths) {
    long network = IntStream.of(networkLengths).max().orElse(0);
    long exchanged = network * Float.BYTES + EXCHANGE_OVERHEAD_BYTES;
    return (int)
        Math.min(Channels.MAX_MESSAGE_BYTES, Math.max(options.messageLimitBytes(), exchanged));
  }

  /**
   * More than a worker or server that keeps to the order has open: a request and gradients for each
   * step that it may be ahead. Who calls more often waits on its own side.
   */
  private static int mostCallsAtATime(AmsServerOptions options) {
    return 2 * (options.staleness().stepsAhead() + 2) + OTHER_CALLS;
  }

  int port() {
    return server.getPort();
  }

  /** Takes no more calls and cancels those that are open; {@link #close} waits for their end. */
  void stop() {
    server.shutdownNow();
  }

  /** Stops, and waits a bounded time for the calls' end. */
  @Override
  public void close() {
    stop();
    threads.shutdownNow();
    try {
      if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Server {} still had calls open when it closed.", index);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
