package io.dicm.common.security;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/**
 * Makes an application's certificate with {@code keytool}, which is part of every Java 17: the
 * platform has no public way to sign a certificate in the process. The key store is a file that
 * only this user can read, for as long as it takes, with a password of its own that {@code keytool}
 * gets by its environment.
 */
final class CertificateMaker {
  private static final String ALIAS = "dicm";
  private static final String PASSWORD_VARIABLE = "DICM_STORE_PASSWORD";
  private static final int PASSWORD_BYTES = 24;
  private static final int VALID_DAYS = 365;
  private static final int TIMEOUT_SECONDS = 60;

  ApplicationCertificate make() throws IOException {
    Path directory =
        Files.createTempDirectory(
            "dicm-certificate",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path store = directory.resolve("store.p12");
    Path log = directory.resolve("keytool.log");
    try {
      String password = password();
      run(store, log, password);
      return read(store, password.toCharArray());
    } finally {
      Files.deleteIfExists(store);
      Files.deleteIfExists(log);
      Files.delete(directory);
    }
  }

  private static String password() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void run(Path store, Path log, String password) throws IOException {
    ProcessBuilder keytool =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            ApplicationCertificate.KEY_ALGORITHM,
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=" + ApplicationCertificate.NAME,
            "-ext",
            "san=dns:" + ApplicationCertificate.NAME,
            "-validity",
            Integer.toString(VALID_DAYS),
            "-startdate",
            "-1d",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass:env",
            PASSWORD_VARIABLE);
    keytool.environment().put(PASSWORD_VARIABLE, password);
    keytool.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = keytool.start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("keytool did not end within " + TIMEOUT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while keytool made the application's certificate", e);
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          "keytool could not make the application's certificate: "
              + Files.readString(log, StandardCharsets.UTF_8).strip());
    }
  }

  private static ApplicationCertificate read(Path store, char[] password) throws IOException {
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, password);
      return ApplicationCertificate.of(
          keys.getCertificate(ALIAS).getEncoded(), keys.getKey(ALIAS, password).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IOException("Cannot read the application's new certificate", e);
    }
  }
}
