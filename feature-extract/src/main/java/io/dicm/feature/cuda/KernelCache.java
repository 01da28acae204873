package io.dicm.feature.cuda;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Sha256;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled kernels in a folder that its owner alone may read and write: what lies there is run. A
 * file is the SHA-256 of the code, then the code, so that a damaged one is known; it is written
 * beside its place and renamed, so that many processes may share the folder. Safe for use by many
 * threads.
 */
public final class KernelCache {
  private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);
  private static final int DIGEST_BYTES = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> FOLDER_RIGHTS =
      PosixFilePermissions.asFileAttribute(OWNER_ONLY);
  private static final FileAttribute<?> FILE_RIGHTS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path folder;

  private KernelCache(Path folder) {
    this.folder = folder;
  }

  /**
   * A cache in a folder, which is made if it is not there; its parent is.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when it cannot be made or used, or
   *     others may write to it
   */
  public static KernelCache in(Path folder) {
    try {
      makeOrCheck(folder);
      return new KernelCache(folder);
    } catch (IOException | UnsupportedOperationException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot keep compiled kernels in " + folder + ": " + e.getMessage() + ".",
          e);
    }
  }

  private static void makeOrCheck(Path folder) throws IOException {
    try {
      Files.createDirectory(folder, FOLDER_RIGHTS);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException("it is not a folder, or a link to one", e);
      }
      Set<PosixFilePermission> rights =
          Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
      if (!OWNER_ONLY.containsAll(rights)) {
        throw new IOException(
            "its rights are %s, needed rwx------; remove it or choose another"
                .formatted(PosixFilePermissions.toString(rights)),
            e);
      }
      // Refused to all but its owner.
      Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }
  }

  /** What was put under a key; empty if nothing was, or it is damaged. */
  Optional<byte[]> get(String key) {
    Path file = file(key);
    try {
      byte[] content = Files.readAllBytes(file);
      if (content.length > DIGEST_BYTES) {
        byte[] code = Arrays.copyOfRange(content, DIGEST_BYTES, content.length);
        if (Arrays.equals(digest(code), Arrays.copyOf(content, DIGEST_BYTES))) {
          return Optional.of(code);
        }
      }
      LOG.warn("{} is damaged; its kernels are compiled again", file);
    } catch (NoSuchFileException e) {
      LOG.debug("{} is not there yet", file);
    } catch (IOException e) {
      LOG.warn("Cannot read {}; its kernels are compiled again: {}", file, e.toString());
    }
    return Optional.empty();
  }

  /** Keeps some code; where that fails, the next process compiles again. */
  void put(String key, byte[] code) {
    try {
      Path beside = Files.createTempFile(folder, key, ".part", FILE_RIGHTS);
      try {
        byte[] content = Arrays.copyOf(digest(code), DIGEST_BYTES + code.length);
        System.arraycopy(code, 0, content, DIGEST_BYTES, code.length);
        Files.write(beside, content);
        Files.move(
            beside, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      LOG.warn("Cannot keep compiled kernels in {}: {}", folder, e.toString());
    }
  }

  private Path file(String key) {
    return folder.resolve(key + ".cubin");
  }

  private static byte[] digest(byte[] code) {
    return Sha256.newDigest().digest(code);
  }
}
