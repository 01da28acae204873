package io.dicm.feature.encode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Tells from Linux's description of the processor whether it computes with bfloat16. */
final class BFloat16Support {
  private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
  private static final Set<String> FLAGS = Set.of("avx512_bf16", "amx_bf16");

  private BFloat16Support() {}

  /** Whether this machine's processor has it; false where that is not known. */
  static boolean here() {
    try {
      return in(Files.readAllLines(DESCRIPTION));
    } catch (IOException e) {
      return false;
    }
  }

  static boolean in(List<String> description) {
    return description.stream()
        .filter(line -> line.startsWith("flags"))
        .flatMap(line -> Arrays.stream(line.split("\\s+")))
        .anyMatch(FLAGS::contains);
  }
}
