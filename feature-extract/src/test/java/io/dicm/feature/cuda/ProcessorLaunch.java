package io.dicm.feature.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Calls a function of {@code processor_kernels.cpp} by its address. */
final class ProcessorLaunch {
  private static boolean loaded;

  private ProcessorLaunch() {}

  /** Compiles and loads the library behind {@link #call}, once. */
  static synchronized void load(Path folder) throws IOException {
    if (!loaded) {
      Path source =
          Files.writeString(
              folder.resolve("processor_launch.cpp"),
              KernelSource.resource(ProcessorLaunch.class, "processor_launch.cpp").text());
      Path library = folder.resolve("processor_launch.so");
      KernelOnCpu.compileLibrary(source, library, folder);
      System.load(library.toString());
      loaded = true;
    }
  }

  /**
   * Launches a kernel.
   *
   * @param slots address of the arguments, 8 bytes each
   * @return 0, or something else when the kernel takes another number of arguments
   */
  static native int call(
      long function, int kernel, int blocks, int threadsX, int threadsY, long slots, int count);
}
