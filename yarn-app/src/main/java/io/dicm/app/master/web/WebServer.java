package io.dicm.app.master.web;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP port on the node's address and any free port, with few threads of its own. */
final class WebServer implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int BACKLOG = 32;
  private static final String LOWEST_PREFIX = "sun.net.httpserver.";

  private final HttpServer server;
  private final ExecutorService executor;

  /**
   * Starts to listen.
   *
   * @param host the node's name or address, as the proxy reaches it
   */
  WebServer(String host, HttpHandler handler) throws IOException {
    limit(LOWEST_PREFIX + "maxReqTime", "10");
    limit(LOWEST_PREFIX + "maxRspTime", "60");
    limit("jdk.httpserver.maxConnections", "64");
    this.executor = Executors.newFixedThreadPool(THREADS, WebServer::thread);
    this.server = HttpServer.create(new InetSocketAddress(host, 0), BACKLOG);
    server.setExecutor(executor);
    server.createContext("/", handler);
    server.start();
  }

  /**
   * The JDK's server takes its limits from properties of the process: seconds for a request and an
   * answer, and connections. Without them a slow caller could keep a thread for ever.
   */
  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "dicm-master-web");
    thread.setDaemon(true);
    return thread;
  }
}
