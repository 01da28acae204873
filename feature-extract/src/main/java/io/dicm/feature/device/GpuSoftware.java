package io.dicm.feature.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What libtorch for CUDA needs of a node, looked for in files before anything is loaded: a library
 * that does not load tells its own name alone, and not that there is one of another version. What
 * cannot be told from files counts as there; loading decides. Immutable.
 */
public final class GpuSoftware {
  private static final String DRIVER = "NVIDIA driver";
  private static final String DRIVER_LIBRARY = "libcuda.so.1";
  private static final String KERNEL_MODULE = "proc/driver/nvidia/version";
  private static final String SUFFIX = ".so.";
  private static final String UNKNOWN = "an unknown version";

  /**
   * What libtorch 2.10 for CUDA 13 is linked with, what these libraries are linked with, and what
   * its streams are called through, which loads the bindings of cuBLAS, cuDNN, cuSPARSE, cuSOLVER
   * and CUPTI too. Not NVRTC: without it libtorch does what our kernels would.
   */
  private static final List<Need> LIBRARIES =
      List.of(
          new Need("CUDA runtime 13", "libcudart.so.13"),
          new Need("cuBLAS 13", "libcublas.so.13"),
          new Need("cuBLASLt 13", "libcublasLt.so.13"),
          new Need("cuFFT 12", "libcufft.so.12"),
          new Need("cuRAND 10", "libcurand.so.10"),
          new Need("cuSPARSE 12", "libcusparse.so.12"),
          new Need("cuSOLVER 12", "libcusolver.so.12"),
          new Need("cuSOLVER 12 for several GPUs", "libcusolverMg.so.12"),
          new Need("nvJitLink 13", "libnvJitLink.so.13"),
          new Need("CUPTI 13", "libcupti.so.13"),
          new Need("cuFile", "libcufile.so.0"),
          new Need("cuDNN 9", "libcudnn.so.9"),
          new Need("cuDNN 9's graphs", "libcudnn_graph.so.9"),
          new Need("cuDNN 9's operations", "libcudnn_ops.so.9"),
          new Need("cuDNN 9's convolutions", "libcudnn_cnn.so.9"),
          new Need("cuDNN 9's other networks", "libcudnn_adv.so.9"),
          new Need("NCCL 2", "libnccl.so.2"));

  private static final String C_LIBRARY = "libc.so.6";
  private static final int LEAST_GLIBC_MINOR = 35;
  private static final Pattern GLIBC = Pattern.compile("release version 2\\.([0-9]{1,4})");

  private static final String CPP_LIBRARY = "libstdc++.so.6";

  /** Of the file libstdc++.so.6.0.N, which has the symbols up to GLIBCXX_3.4.N. */
  private static final int LEAST_GLIBCXX_MINOR = 30;

  private static final Pattern GLIBCXX =
      Pattern.compile("libstdc\\+\\+\\.so\\.6\\.0\\.([0-9]{1,4})");

  /** One library that has to be there. */
  private record Need(String what, String library) {}

  private final Path root;
  private final SharedLibraries libraries;
  private final boolean cudaBuild;

  /**
   * @param root of the file system
   * @param libraryPath as in {@code LD_LIBRARY_PATH}
   * @param cudaBuild whether this program carries libtorch for CUDA
   */
  GpuSoftware(Path root, String libraryPath, boolean cudaBuild) {
    this.root = root;
    this.libraries = new SharedLibraries(root, libraryPath);
    this.cudaBuild = cudaBuild;
  }

  /** Of the node that this process is on. */
  public static GpuSoftware here() {
    String libraryPath = System.getenv("LD_LIBRARY_PATH");
    return new GpuSoftware(
        Path.of("/"), libraryPath == null ? "" : libraryPath, TorchBuild.hasCuda());
  }

  /** What is missing or too old; nothing: libtorch should load and find the driver. */
  List<Shortfall> shortfalls() {
    List<Shortfall> shortfalls = new ArrayList<>();
    if (!cudaBuild) {
      shortfalls.add(
          new Shortfall("libtorch for CUDA", "a dicm.jar built with -Pgpu", "one built without"));
    }
    parts().stream()
        .filter(part -> !part.enough())
        .map(part -> new Shortfall(part.what(), part.needed(), part.found()))
        .forEach(shortfalls::add);
    return shortfalls;
  }

  /**
   * All that the node itself has to have: the driver first, then CUDA's libraries, then those of
   * the languages.
   */
  public List<SoftwarePart> parts() {
    List<SoftwarePart> parts = new ArrayList<>();
    parts.add(driver());
    LIBRARIES.forEach(need -> parts.add(part(need)));
    parts.add(
        leastMinor(
            "glibc",
            "2.",
            LEAST_GLIBC_MINOR,
            minor(libraries.find(C_LIBRARY).map(GpuSoftware::read), GLIBC)));
    parts.add(
        leastMinor(
            "libstdc++",
            "GLIBCXX_3.4.",
            LEAST_GLIBCXX_MINOR,
            minor(
                libraries.find(CPP_LIBRARY).map(file -> file.getFileName().toString()), GLIBCXX)));
    return parts;
  }

  private SoftwarePart driver() {
    String needed = DRIVER_LIBRARY + " of " + DriverVersion.LEAST_BRANCH + " or newer for CUDA 13";
    Optional<Path> library = libraries.find(DRIVER_LIBRARY);
    Optional<DriverVersion> module = DriverVersion.in(read(root.resolve(KERNEL_MODULE)));
    if (library.isEmpty()) {
      String found =
          module
              .map(version -> "the kernel's module of " + version.words() + " alone")
              .orElse(Shortfall.NOTHING);
      return new SoftwarePart(DRIVER, needed, found, false);
    }
    // The library may be newer than the module: CUDA's packages for compatibility are made so.
    return library
        .flatMap(file -> DriverVersion.in(file.getFileName().toString()))
        .or(() -> module)
        .map(version -> new SoftwarePart(DRIVER, needed, version.words(), version.isEnough()))
        .orElseGet(() -> new SoftwarePart(DRIVER, needed, UNKNOWN, true));
  }

  private SoftwarePart part(Need need) {
    return libraries
        .find(need.library())
        .map(file -> new SoftwarePart(need.what(), need.library(), version(file), true))
        .orElseGet(
            () -> new SoftwarePart(need.what(), need.library(), others(need.library()), false));
  }

  /** What follows {@code .so.} in the name of a library's file: all that a name tells. */
  private static String version(Path file) {
    String name = file.getFileName().toString();
    int suffix = name.indexOf(SUFFIX);
    return suffix < 0 ? UNKNOWN : name.substring(suffix + SUFFIX.length());
  }

  private static SoftwarePart leastMinor(String what, String major, int least, OptionalInt minor) {
    return minor.isEmpty()
        ? new SoftwarePart(what, major + least, UNKNOWN, true)
        : new SoftwarePart(
            what, major + least, major + minor.getAsInt(), minor.getAsInt() >= least);
  }

  private static OptionalInt minor(Optional<String> text, Pattern pattern) {
    Matcher matcher = pattern.matcher(text.orElse(""));
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private String others(String library) {
    List<String> others = libraries.others(library);
    return others.isEmpty() ? Shortfall.NOTHING : String.join(" and ", others);
  }

  /** A file as text of one byte a character, since glibc's version is a text in its library. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
