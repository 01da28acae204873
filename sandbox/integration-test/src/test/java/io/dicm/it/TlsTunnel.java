package io.dicm.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * Speaks TLS to a client and passes what it says on to a port of this machine: a server in front of
 * which a site put TLS, with a certificate that keytool made.
 */
final class TlsTunnel implements AutoCloseable {
  static final String PASSWORD = "changeit";
  private static final long KEYTOOL_LIMIT_SECONDS = 60;

  private final SSLServerSocket server;
  private final int target;

  private TlsTunnel(SSLServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Makes a key pair and its certificate for 127.0.0.1, by this name, in a new key store. */
  static Path makeKeyStore(Path file, String commonName) throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    Files.deleteIfExists(file);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=" + commonName,
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!keytool.waitFor(KEYTOOL_LIMIT_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
      keytool.destroyForcibly();
      throw new IOException("keytool made no " + file);
    }
    return file;
  }

  /** Starts one at a free port. */
  static TlsTunnel start(Path keyStore, int target) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 4, InetAddress.getLoopbackAddress());
    TlsTunnel tunnel = new TlsTunnel(server, target);
    start("accept", tunnel::accept);
    return tunnel;
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
      start("in", () -> pass(client, behind));
      start("out", () -> pass(behind, client));
    }
  }

  private static void pass(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        out.flush();
      }
    }
  }

  /** Work that ends when a socket is closed. */
  private interface SocketWork {
    void run() throws IOException;
  }

  private static void start(String name, SocketWork work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // A side was closed: the work is done.
              }
            },
            "tls-tunnel-" + name);
    thread.setDaemon(true);
    thread.start();
  }
}
