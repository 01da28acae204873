package io.dicm.feature.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;

/**
 * A kernel's own source as a library of this process, by {@code cuda_on_cpu.h}: launched on tensors
 * of the processor's memory, and done when the launch returns. Launches of all modules go one after
 * the other.
 */
public final class ProcessorKernels implements KernelModule {
  private static final int MULTIPROCESSORS = 3;
  private static final int BLOCKS_OF_MULTIPROCESSOR = 2;
  private static final Object ONE_AT_A_TIME = new Object();

  private final KernelSource source;
  private final Path folder;
  private final List<String> kernels = new ArrayList<>();
  private long function;

  /**
   * @param folder for files
   */
  public ProcessorKernels(KernelSource source, Path folder) {
    this.source = source;
    this.folder = folder;
  }

  /** All are named before the first of them is launched. */
  @Override
  public synchronized Kernel kernel(String kernel) {
    if (!kernels.contains(kernel)) {
      if (function != 0) {
        throw new IllegalStateException("The library is made already, without " + kernel);
      }
      kernels.add(kernel);
    }
    int number = kernels.indexOf(kernel);
    return new Kernel() {
      @Override
      public int blocksOfMultiprocessor(int threads) {
        return BLOCKS_OF_MULTIPROCESSOR;
      }

      @Override
      public void launch(LaunchShape shape, KernelArguments arguments) {
        launchHere(number, shape, arguments.slots());
      }
    };
  }

  @Override
  public int multiprocessors() {
    return MULTIPROCESSORS;
  }

  @Override
  public void close() {
    // Libraries stay loaded until the process ends.
  }

  private void launchHere(int kernel, LaunchShape shape, long[] slots) {
    synchronized (ONE_AT_A_TIME) {
      if (function == 0) {
        function = load();
      }
      try (LongPointer values = new LongPointer(slots)) {
        int failure =
            ProcessorLaunch.call(
                function,
                kernel,
                shape.blocks(),
                shape.threadsX(),
                shape.threadsY(),
                values.address(),
                slots.length);
        if (failure != 0) {
          throw new IllegalStateException(
              "%s of %s takes another number of arguments than %d"
                  .formatted(kernels.get(kernel), source.name(), slots.length));
        }
      }
    }
  }

  private long load() {
    String function = "kernels_" + UUID.randomUUID().toString().replace('-', '_');
    StringBuilder cases = new StringBuilder();
    for (int i = 0; i < kernels.size(); i++) {
      cases.append("    case %d: return launch(%s, shape);%n".formatted(i, kernels.get(i)));
    }
    try {
      Files.writeString(folder.resolve(source.name()), source.text());
      Path header = folder.resolve("cuda_on_cpu.h");
      Files.writeString(
          header, KernelSource.resource(ProcessorKernels.class, "cuda_on_cpu.h").text());
      Path launcher = folder.resolve(function + ".cpp");
      Files.writeString(
          launcher,
          KernelSource.resource(ProcessorKernels.class, "processor_kernels.cpp")
              .text()
              .replace("SOURCE", source.name())
              .replace("FUNCTION", function)
              .replace("CASES", cases));
      Path library = folder.resolve(function + ".so");
      KernelOnCpu.compileLibrary(launcher, library, folder);
      ProcessorLaunch.load(folder);
      Loader.loadGlobal(library.toString());
      return Loader.addressof(function).address();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
