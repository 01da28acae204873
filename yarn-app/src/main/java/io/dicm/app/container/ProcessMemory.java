package io.dicm.app.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory of this process, as Linux counts it. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private ProcessMemory() {}

  /** The most memory, bytes, that was ever resident; 0 where the system does not say. */
  public static long peakResidentBytes() {
    try {
      return peak(Files.readAllLines(STATUS));
    } catch (IOException e) {
      return 0; // Not Linux: the figure is left out of reports.
    }
  }

  static long peak(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith(PEAK))
        .map(line -> line.substring(PEAK.length()).replace("kB", "").trim())
        .mapToLong(kib -> Long.parseLong(kib) * 1024)
        .findFirst()
        .orElse(0);
  }
}
