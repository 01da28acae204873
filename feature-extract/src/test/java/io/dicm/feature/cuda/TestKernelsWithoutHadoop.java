package io.dicm.feature.cuda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The device's program measures with kernels on machines that have no Hadoop. */
class TestKernelsWithoutHadoop {
  @TempDir Path folder;

  @Test
  void kernelsAreCompiledAndKept() throws ReflectiveOperationException {
    assertThat(compile(new WithoutHadoop())).isEqualTo("compiled kept");
  }

  @Test
  void whatNeedsHadoopIsSeen() {
    ClassLoader loader = new WithoutHadoop();
    assertThatThrownBy(
            () -> Class.forName("io.dicm.common.fs.FileDigest", true, loader).getMethods())
        .isInstanceOf(NoClassDefFoundError.class);
  }

  @SuppressWarnings("unchecked") // It is declared so.
  private String compile(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> there = Class.forName(Compilation.class.getName(), true, loader);
    assertThat(there.getClassLoader()).isSameAs(loader);
    return ((Function<Path, String>) there.getConstructor().newInstance()).apply(folder);
  }

  /** Compiles a kernel twice, by something that stands for NVRTC. */
  public static final class Compilation implements Function<Path, String> {
    @Override
    public String apply(Path folder) {
      KernelCompiler first = new KernelCompiler(new Words("compiled"), cache(folder));
      KernelCompiler second = new KernelCompiler(new Words("again"), cache(folder));
      return text(first) + (text(second).equals("compiled") ? " kept" : " lost");
    }

    private static KernelCache cache(Path folder) {
      return KernelCache.in(folder.resolve("kernels"));
    }

    private static String text(KernelCompiler compiler) {
      return new String(
          compiler.cubin(new KernelSource("some.cu", "text"), new GpuArchitecture(9, 0)), UTF_8);
    }
  }

  private record Words(String words) implements CubinCompiler {
    @Override
    public String version() {
      return "words";
    }

    @Override
    public List<String> options() {
      return List.of();
    }

    @Override
    public byte[] compile(KernelSource source, GpuArchitecture architecture) {
      return words.getBytes(UTF_8);
    }
  }

  /** Loads this project's classes anew, and none of Hadoop's. */
  private static final class WithoutHadoop extends ClassLoader {
    WithoutHadoop() {
      super(TestKernelsWithoutHadoop.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (name.startsWith("org.apache.hadoop.")) {
          throw new ClassNotFoundException(name);
        }
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return name.startsWith("io.dicm.") ? define(name) : super.loadClass(name, resolve);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
