package io.dicm.trainer.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * The network between one process and one server: a port that forwards to the server's and can be
 * cut. The port stays the same over all epochs, so that who comes late from an earlier epoch meets
 * the servers of the present one. For many threads.
 */
final class Link implements Closeable {
  private static final int NOWHERE = 0;
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final ServerSocket listener;
  private final List<Socket> sockets = new ArrayList<>();
  private int target = NOWHERE;
  private volatile boolean silent;

  Link(String name) throws IOException {
    this.name = "link-" + name;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this.name, this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Ends all connections; new ones lead to this port. */
  synchronized void pointTo(int port) {
    reset();
    silent = false;
    target = port;
  }

  /** Ends all connections with a reset; new ones are let through. */
  synchronized void reset() {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // It is closed already.
      }
      closeQuietly(socket);
    }
    sockets.clear();
  }

  /** Ends all connections and every new one at once. */
  synchronized void refuse() {
    pointTo(NOWHERE);
  }

  /** Keeps all connections, but nothing comes through any more. */
  void silence() {
    silent = true;
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        connect(listener.accept());
      } catch (IOException e) {
        // The listener is closed, or the connection did not come about: its caller learns that.
      }
    }
  }

  private synchronized void connect(Socket from) throws IOException {
    if (target == NOWHERE) {
      closeQuietly(from);
      return;
    }
    sockets.add(from);
    try {
      Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(to);
      from.setTcpNoDelay(true);
      to.setTcpNoDelay(true);
      start(name + "-there", () -> forward(from, to));
      start(name + "-back", () -> forward(to, from));
    } catch (IOException e) {
      closeQuietly(from);
    }
  }

  private void forward(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!silent) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // One side is gone: the other learns it by the close.
    }
    // What a silent link does not tell either is the end of a side.
    if (!silent) {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost with it.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    refuse();
  }
}
