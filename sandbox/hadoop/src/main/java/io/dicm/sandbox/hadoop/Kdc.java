package io.dicm.sandbox.hadoop;

import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.SandboxSecurity;
import io.dicm.sandbox.control.SandboxSettings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import org.apache.hadoop.minikdc.MiniKdc;

/**
 * A Kerberos server with principals for the daemons, the sandbox's owner, and two users without
 * rights of their own.
 */
final class Kdc implements AutoCloseable {
  /** Name of the daemons' keytab. */
  static final String DAEMONS = "daemons";

  /** Users with a home folder and no more. */
  static final List<String> GUESTS = List.of("alice", "mallory");

  private final MiniKdc server;

  private Kdc(MiniKdc server) {
    this.server = server;
  }

  /** Starts with new keys. */
  static Kdc start(SandboxDirectory directory, SandboxSettings settings) throws Exception {
    SandboxDirectory.delete(directory.security());
    Files.createDirectories(directory.security());
    Files.setPosixFilePermissions(
        directory.security(), PosixFilePermissions.fromString("rwx------"));
    Properties properties = MiniKdc.createConf();
    String[] realm = SandboxSecurity.REALM.split("\\.", 2);
    properties.setProperty(MiniKdc.ORG_NAME, realm[0]);
    properties.setProperty(MiniKdc.ORG_DOMAIN, realm[1]);
    properties.setProperty(MiniKdc.KDC_BIND_ADDRESS, "localhost");
    properties.setProperty(MiniKdc.KDC_PORT, Integer.toString(settings.port(SandboxPort.KDC)));
    properties.setProperty(MiniKdc.INSTANCE, "dicm-sandbox");
    MiniKdc server = new MiniKdc(properties, directory.security().toFile());
    server.start();
    Files.copy(server.getKrb5conf().toPath(), directory.kerberosConfiguration());
    SandboxSecurity security = settings.security();
    Kdc kdc = new Kdc(server);
    kdc.add(
        directory.keytab(DAEMONS),
        withoutRealm(security.daemonPrincipal()),
        withoutRealm(security.webPrincipal()));
    kdc.add(directory.keytab(SandboxSecurity.owner()), SandboxSecurity.owner());
    for (String guest : GUESTS) {
      kdc.add(directory.keytab(guest), guest);
    }
    return kdc;
  }

  private void add(Path keytab, String... principals) throws Exception {
    File file = keytab.toFile();
    server.createPrincipal(file, principals);
    Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-------"));
  }

  private static String withoutRealm(String principal) {
    return principal.substring(0, principal.indexOf('@'));
  }

  @Override
  public void close() {
    server.stop();
  }
}
