package io.dicm.feature.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestKernelCache {
  private static final KernelSource SOURCE = new KernelSource("a.cu", "text");
  private static final GpuArchitecture HOPPER = new GpuArchitecture(9, 0);

  @TempDir private Path parent;

  private final AtomicInteger compilations = new AtomicInteger();

  /** Code that tells what it was made of. */
  private record Naming(String version, List<String> options, AtomicInteger compilations)
      implements CubinCompiler {
    @Override
    public byte[] compile(KernelSource source, GpuArchitecture architecture) {
      compilations.incrementAndGet();
      return String.join("|", version, options.toString(), source.text(), architecture.label())
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  private KernelCompiler compiler(String version, String... options) {
    return new KernelCompiler(
        new Naming(version, List.of(options), compilations),
        KernelCache.in(parent.resolve("kernels")));
  }

  private static String text(byte[] code) {
    return new String(code, StandardCharsets.UTF_8);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(parent.resolve("kernels"))) {
      return files.toList();
    }
  }

  @Test
  void compilesOnceForAllProcesses() throws IOException {
    assertThat(text(compiler("1").cubin(SOURCE, HOPPER))).isEqualTo("1|[]|text|sm_90");
    assertThat(text(compiler("1").cubin(SOURCE, HOPPER))).isEqualTo("1|[]|text|sm_90");
    assertThat(compilations).hasValue(1);

    assertThat(files()).hasSize(1);
    assertThat(Files.getPosixFilePermissions(files().get(0)))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getPosixFilePermissions(parent.resolve("kernels")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void everythingThatMattersIsInTheKey() throws IOException {
    compiler("1").cubin(SOURCE, HOPPER);
    compiler("2").cubin(SOURCE, HOPPER);
    compiler("1", "-a").cubin(SOURCE, HOPPER);
    compiler("1").cubin(SOURCE, new GpuArchitecture(8, 0));
    compiler("1").cubin(SOURCE.define("WIDTH", 12), HOPPER);
    compiler("1").cubin(SOURCE.define("WIDTH", 13), HOPPER);
    compiler("1").cubin(new KernelSource("b.cu", "text"), HOPPER);
    compiler("1").cubin(new KernelSource("a.cut", "ext"), HOPPER);

    assertThat(compilations).hasValue(8);
    assertThat(files()).hasSize(8);
  }

  @Test
  void compilesAgainWhatIsDamaged() throws IOException {
    compiler("1").cubin(SOURCE, HOPPER);
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);

    for (int length : new int[] {0, 10, 32, 33, whole.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      int before = compilations.get();
      assertThat(text(compiler("1").cubin(SOURCE, HOPPER))).isEqualTo("1|[]|text|sm_90");
      assertThat(compilations).as("cut to %s bytes", length).hasValue(before + 1);
      assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    }

    byte[] changed = whole.clone();
    changed[whole.length - 1] ^= 1;
    Files.write(file, changed);
    assertThat(text(compiler("1").cubin(SOURCE, HOPPER))).isEqualTo("1|[]|text|sm_90");
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
    assertThat(files()).hasSize(1);
  }

  @Test
  void doesWithoutAFolderThatIsGone() throws IOException {
    KernelCompiler compiler = compiler("1");
    Files.delete(parent.resolve("kernels"));

    assertThat(text(compiler.cubin(SOURCE, HOPPER))).isEqualTo("1|[]|text|sm_90");
  }

  @Test
  void refusesAFolderThatOthersMayUse() throws IOException {
    Path open =
        Files.createDirectory(
            parent.resolve("open"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));

    assertThatThrownBy(() -> KernelCache.in(open))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED))
        .hasMessage(
            "Cannot keep compiled kernels in %s: its rights are rwxr-x---, needed rwx------; remove it or choose another."
                .formatted(open));
  }

  @Test
  void refusesALink() throws IOException {
    KernelCache.in(parent.resolve("kernels"));
    Path link = Files.createSymbolicLink(parent.resolve("link"), parent.resolve("kernels"));

    assertThatThrownBy(() -> KernelCache.in(link)).hasMessageContaining("not a folder");
    assertThatThrownBy(() -> KernelCache.in(parent.resolve("none/kernels")))
        .hasMessageStartingWith("Cannot keep compiled kernels in ");
  }
}
