package io.dicm.app.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.global.torch;

/**
 * The machine that figures are of.
 *
 * @param processor model of the processors, as the kernel names it; {@code unknown} where it does
 *     not
 * @param processors that this process may use
 * @param memoryMib memory, or what the container limits it to, MiB
 * @param java the Java runtime's version
 * @param libtorch the native library's version
 * @param gpu name of the GPU that was used; empty: none
 */
public record Machine(
    String processor, int processors, long memoryMib, String java, String libtorch, String gpu) {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final String UNKNOWN = "unknown";
  private static final Pattern MODEL = Pattern.compile("model name\\s*:\\s*(.+)");
  private static final Pattern TORCH_VERSION = Pattern.compile("TORCH_VERSION=([^,\\s]+)");

  /** This one, without a GPU; loads libtorch. */
  public static Machine here() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        processorModel(PROCESSORS),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize() >> 20,
        System.getProperty("java.version"),
        libtorchVersion(),
        "");
  }

  /** The same machine where a GPU was used. */
  public Machine withGpu(String name) {
    return new Machine(processor, processors, memoryMib, java, libtorch, name);
  }

  /** On one line. */
  public String oneLine() {
    return "%s, %d processors, %d MiB, Java %s, libtorch %s%s"
        .formatted(
            processor, processors, memoryMib, java, libtorch, gpu.isEmpty() ? "" : ", " + gpu);
  }

  /** The first model that a file like {@code /proc/cpuinfo} names. */
  static String processorModel(Path file) {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines
          .map(MODEL::matcher)
          .filter(Matcher::matches)
          .map(found -> found.group(1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN; // Not Linux: a name is no reason to fail.
    }
  }

  private static String libtorchVersion() {
    try (BytePointer settings = torch.show_config()) {
      Matcher found = TORCH_VERSION.matcher(settings.getString(StandardCharsets.UTF_8));
      return found.find() ? found.group(1) : UNKNOWN;
    }
  }
}
