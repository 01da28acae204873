package io.dicm.app.master.membership;

import io.dicm.app.container.ContainerIdentity;
import io.dicm.app.rpc.SecretHeader;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The master's RPC port, on the node's address and any free port. */
public final class MasterServer implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int STOP_TIMEOUT_SECONDS = 5;

  private final String host;
  private final ExecutorService executor;
  private final Server server;

  /**
   * Starts to listen.
   *
   * @param host the node's name or address, as other nodes reach it
   * @param identity of the application: callers must show the same
   */
  public MasterServer(String host, MasterService service, ContainerIdentity identity)
      throws IOException {
    this.host = host;
    this.executor = Executors.newFixedThreadPool(THREADS, MasterServer::thread);
    this.server =
        identity
            .transport()
            .listen(NettyServerBuilder.forAddress(new InetSocketAddress(host, 0)))
            .executor(executor)
            .intercept(SecretHeader.demanding(identity.secret()))
            .addService(service)
            .build()
            .start();
  }

  public String host() {
    return host;
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "dicm-master-rpc");
    thread.setDaemon(true);
    return thread;
  }
}
