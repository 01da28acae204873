package io.dicm.common.fs;

import io.dicm.common.key.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** SHA-256 digests as lower-case hexadecimal digits. */
public final class FileDigest {
  private FileDigest() {}

  /** A new SHA-256. */
  public static MessageDigest newSha256() {
    return Sha256.newDigest();
  }

  /** The digest of some bytes. */
  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(newSha256().digest(bytes));
  }

  /** The digest of a whole file. */
  public static String sha256(Configuration conf, Path file) throws IOException {
    MessageDigest digest = newSha256();
    try (InputStream in = file.getFileSystem(conf).open(file);
        DigestInputStream digesting = new DigestInputStream(in, digest)) {
      digesting.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
