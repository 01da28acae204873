package io.dicm.feature.cuda;

import io.dicm.common.key.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives kernels' machine code, compiled once for each text, compiler, option and architecture. Safe
 * for use by many threads.
 */
public final class KernelCompiler {
  private static final Logger LOG = LoggerFactory.getLogger(KernelCompiler.class);

  private final CubinCompiler compiler;
  private final KernelCache cache;

  /**
   * @param compiler for what is not in the cache
   * @param cache keeps what was compiled
   */
  public KernelCompiler(CubinCompiler compiler, KernelCache cache) {
    this.compiler = compiler;
    this.cache = cache;
  }

  /**
   * One that compiles by NVRTC and keeps the code in a folder of this user's below the process's
   * folder for temporary files, which is a container's own.
   *
   * @throws io.dicm.common.error.DicmException {@code NATIVE_LIBRARY_UNAVAILABLE} where NVRTC is
   *     not, {@code STORAGE_FAILED} where the folder cannot be used
   */
  public static KernelCompiler ofProcess() {
    String folder = "dicm-kernels-" + System.getProperty("user.name");
    return new KernelCompiler(
        Nvrtc.load(), KernelCache.in(Path.of(System.getProperty("java.io.tmpdir"), folder)));
  }

  /** Machine code for one architecture. */
  public byte[] cubin(KernelSource source, GpuArchitecture architecture) {
    String key = key(source, architecture);
    Optional<byte[]> kept = cache.get(key);
    if (kept.isPresent()) {
      return kept.get();
    }
    long begin = System.nanoTime();
    byte[] code = compiler.compile(source, architecture);
    LOG.info(
        "Compiled {} for {} by {} in {} ms",
        source.name(),
        architecture.label(),
        compiler.version(),
        (System.nanoTime() - begin) / 1_000_000);
    cache.put(key, code);
    return code;
  }

  private String key(KernelSource source, GpuArchitecture architecture) {
    MessageDigest digest = Sha256.newDigest();
    add(digest, compiler.version());
    add(digest, String.join("\n", compiler.options()));
    add(digest, architecture.label());
    add(digest, source.name());
    add(digest, source.text());
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With its length, so that no two lists of texts look alike. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
