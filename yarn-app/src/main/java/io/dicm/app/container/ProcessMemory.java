package io.dicm.app.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory of this process, as Linux counts it. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final String NOW = "VmRSS:";

  private ProcessMemory() {}

  /** The most memory, bytes, that was ever resident; 0 where the system does not say. */
  public static long peakResidentBytes() {
    return read(PEAK);
  }

  /** The memory, bytes, that is resident now; 0 where the system does not say. */
  public static long residentBytes() {
    return read(NOW);
  }

  private static long read(String name) {
    try {
      return value(name, Files.readAllLines(STATUS));
    } catch (IOException e) {
      return 0; // Not Linux: the figure is left out of reports.
    }
  }

  static long peak(List<String> status) {
    return value(PEAK, status);
  }

  private static long value(String name, List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").trim())
        .mapToLong(kib -> Long.parseLong(kib) * 1024)
        .findFirst()
        .orElse(0);
  }
}
