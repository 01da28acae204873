package io.dicm.sandbox.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/** Looks for free TCP ports on the loopback interface. */
final class Ports {
  /**
   * Below Linux's ephemeral range (32768 and up), so that no outgoing connection takes one while
   * the sandbox is down.
   */
  static final int FIRST = 20_000;

  static final int LAST = 29_999;
  private static final int ATTEMPTS = 1_000;

  private final RandomGenerator random;

  Ports(RandomGenerator random) {
    this.random = random;
  }

  /** Whether a server could listen on 127.0.0.1 at this port now. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false; // In use, or privileged: for the caller the same.
    }
  }

  /** A port in {@link #FIRST}..{@link #LAST} that is free now. */
  int findFree() throws SandboxException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = random.nextInt(FIRST, LAST + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw SandboxException.environment(
        "Cannot find a free port on 127.0.0.1: %d tries in %d..%d failed. Free some ports there."
            .formatted(ATTEMPTS, FIRST, LAST));
  }
}
