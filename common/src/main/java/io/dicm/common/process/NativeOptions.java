package io.dicm.common.process;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Java options and environment of every process that computes with libtorch. */
public final class NativeOptions {
  private NativeOptions() {}

  /**
   * JavaCPP's options: no reference queue (each step closes what it opened), no limits of its own
   * beside the container's, a cache folder that no other process writes, and the processor's build
   * of libtorch: a process that finds itself on a GPU chooses the other before it loads one.
   */
  public static List<String> javaOptions(String cacheDirectory) {
    return List.of(
        "-Dorg.bytedeco.javacpp.nopointergc=true",
        "-Dorg.bytedeco.javacpp.maxBytes=0",
        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
        "-Dorg.bytedeco.javacpp.platform.extension=",
        "-Dorg.bytedeco.javacpp.cachedir=" + cacheDirectory);
  }

  /**
   * Threads of the maths libraries, and how libc keeps memory. Waiting passively matters: else
   * OpenBLAS's and libgomp's threads fight each other for the cores. So does that the tensors of
   * one step, some MiB each, take the memory of the last step's: libc would give it back and have
   * the kernel clear it anew, five times the page faults.
   */
  public static Map<String, String> environment(int threads) {
    return new TreeMap<>(
        Map.of(
            "OMP_WAIT_POLICY",
            "passive",
            "OMP_NUM_THREADS",
            Integer.toString(threads),
            "OPENBLAS_NUM_THREADS",
            Integer.toString(threads),
            "MALLOC_ARENA_MAX",
            "2",
            "MALLOC_MMAP_THRESHOLD_",
            Integer.toString(64 << 20),
            "MALLOC_TRIM_THRESHOLD_",
            Integer.toString(256 << 20)));
  }
}
