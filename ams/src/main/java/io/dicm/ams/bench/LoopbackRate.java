package io.dicm.ams.bench;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;

/**
 * The bandwidth of the loopback network: one TCP connection over 127.0.0.1, one thread that sends
 * and one that receives, in one direction. The port is open for this one connection, which has to
 * begin with a random token. For one thread.
 */
public final class LoopbackRate {
  private static final int CHUNK_BYTES = 1 << 18;
  private static final int TOKEN_BYTES = 32;

  private final long bytes;
  private final long timeoutMs;

  /**
   * @param bytes to send
   * @param timeoutMs when it fails at the latest
   */
  public LoopbackRate(long bytes, long timeoutMs) {
    this.bytes = bytes;
    this.timeoutMs = timeoutMs;
  }

  /**
   * Sends and receives; gives 10^9 bytes a second.
   *
   * @throws DicmException {@link ErrorCode#STAGE_FAILED} when it takes too long or anything but our
   *     own bytes comes
   */
  public double measure() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    byte[] token = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(token);
    Thread sender = null;
    try (ServerSocket listening = new ServerSocket(0, 1, loopback());
        Socket sending = new Socket()) {
      listening.setSoTimeout(leftMs(deadline));
      sender = new Thread(() -> send(sending, listening.getLocalPort(), token), "loopback-sender");
      sender.setDaemon(true);
      sender.start();
      try (Socket receiving = listening.accept()) {
        return receive(receiving, token, deadline);
      }
    } catch (SocketTimeoutException e) {
      throw failed("it took more than " + timeoutMs + " ms", e);
    } catch (IOException e) {
      throw failed(e.getMessage(), e);
    } finally {
      // Its socket is closed by now, so that it ends.
      if (sender != null) {
        sender.join(TimeUnit.SECONDS.toMillis(1));
      }
    }
  }

  private static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private void send(Socket socket, int port, byte[] token) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      socket.connect(new InetSocketAddress(loopback(), port), (int) timeoutMs);
      OutputStream out = socket.getOutputStream();
      out.write(token);
      for (long left = bytes; left > 0; left -= chunk.length) {
        out.write(chunk, 0, (int) Math.min(left, chunk.length));
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      // The receiver misses bytes and says so.
    }
  }

  private double receive(Socket socket, byte[] token, long deadline) throws IOException {
    socket.setSoTimeout(leftMs(deadline));
    InputStream in = socket.getInputStream();
    if (!MessageDigest.isEqual(in.readNBytes(TOKEN_BYTES), token)) {
      throw failed("another program connected to the port", null);
    }
    byte[] chunk = new byte[CHUNK_BYTES];
    long received = 0;
    long start = System.nanoTime();
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      received += count;
      socket.setSoTimeout(leftMs(deadline));
    }
    long nanos = System.nanoTime() - start;
    if (received != bytes) {
      throw failed(received + " of " + bytes + " bytes came", null);
    }
    return (double) bytes / nanos;
  }

  private static int leftMs(long deadline) throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      throw new SocketTimeoutException("no time is left");
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  private static DicmException failed(String why, Exception cause) {
    return new DicmException(
        ErrorCode.STAGE_FAILED, "Cannot measure the loopback network: " + why + ".", cause);
  }
}
