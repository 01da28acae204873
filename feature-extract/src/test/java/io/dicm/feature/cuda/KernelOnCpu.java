package io.dicm.feature.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kernel's own source as a program for the processor, by {@code cuda_on_cpu.h}: arrays in, arrays
 * out.
 */
public final class KernelOnCpu {
  private final Path program;
  private final Path folder;

  private KernelOnCpu(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * Compiles a kernel and the C++ program around it; without g++ the test is skipped.
   *
   * @param kernel the file that the program includes
   * @param test a class beside which the program is, as {@code <kernel>_on_cpu.cpp}
   * @param folder for files
   */
  public static KernelOnCpu compile(KernelSource kernel, Class<?> test, Path folder)
      throws IOException {
    String name = kernel.name().replace(".cu", "_on_cpu");
    write(folder, kernel);
    write(folder, KernelSource.resource(KernelOnCpu.class, "cuda_on_cpu.h"));
    Path source = write(folder, KernelSource.resource(test, name + ".cpp"));
    Path program = folder.resolve(name);
    compile(folder, List.of("-o", program.toString(), source.toString()));
    return new KernelOnCpu(program, folder);
  }

  /**
   * Compiles a library that a process can load; without g++ the test is skipped.
   *
   * @param folder of what the source includes
   */
  static void compileLibrary(Path source, Path library, Path folder) throws IOException {
    compile(
        folder,
        List.of(
            "-shared",
            "-fPIC",
            "-fvisibility=hidden",
            "-o",
            library.toString(),
            source.toString()));
  }

  /** The compiler; without one the test is skipped. */
  public static Path compiler() {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(place -> Path.of(place, "g++"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> abort("Kernels' numbers are not looked at: there is no g++ on PATH"));
  }

  private static void compile(Path folder, List<String> what) throws IOException {
    // Without contraction, sums are those of the text on every processor.
    List<String> command =
        new ArrayList<>(
            List.of(
                compiler().toString(),
                "-std=c++17",
                "-O1",
                "-ffp-contract=off",
                "-Wall",
                "-Werror",
                "-Wno-unknown-pragmas"));
    command.addAll(what);
    Programs.run(folder, command);
  }

  private static Path write(Path folder, KernelSource source) throws IOException {
    return Files.writeString(folder.resolve(source.name()), source.text());
  }

  /** Arrays one after the other, as the programs read and write them. */
  public static final class Arrays {
    private final List<ByteBuffer> arrays = new ArrayList<>();

    private static ByteBuffer bytes(int count) {
      return ByteBuffer.allocate(count).order(ByteOrder.nativeOrder());
    }

    /** Adds some numbers. */
    public Arrays add(float... values) {
      ByteBuffer bytes = bytes(Float.BYTES * values.length);
      bytes.asFloatBuffer().put(values);
      arrays.add(bytes);
      return this;
    }

    /** Adds some numbers. */
    public Arrays add(int... values) {
      ByteBuffer bytes = bytes(Integer.BYTES * values.length);
      bytes.asIntBuffer().put(values);
      arrays.add(bytes);
      return this;
    }

    /** Adds some numbers. */
    public Arrays add(short... values) {
      ByteBuffer bytes = bytes(Short.BYTES * values.length);
      bytes.asShortBuffer().put(values);
      arrays.add(bytes);
      return this;
    }

    /** An array of floats. */
    public float[] floats(int index) {
      float[] values = new float[arrays.get(index).capacity() / Float.BYTES];
      arrays.get(index).asFloatBuffer().get(values);
      return values;
    }

    /** An array of 16-bit numbers. */
    public short[] shorts(int index) {
      short[] values = new short[arrays.get(index).capacity() / Short.BYTES];
      arrays.get(index).asShortBuffer().get(values);
      return values;
    }

    /** An array's bytes. */
    public byte[] bytesOf(int index) {
      return arrays.get(index).array().clone();
    }

    private byte[] encoded() {
      ByteBuffer all = bytes(arrays.stream().mapToInt(a -> Long.BYTES + a.capacity()).sum());
      for (ByteBuffer array : arrays) {
        all.putLong(array.capacity()).put(array.array());
      }
      return all.array();
    }

    private static Arrays decoded(byte[] encoded) {
      Arrays arrays = new Arrays();
      ByteBuffer all = ByteBuffer.wrap(encoded).order(ByteOrder.nativeOrder());
      while (all.hasRemaining()) {
        ByteBuffer array = bytes(Math.toIntExact(all.getLong()));
        all.get(array.array());
        arrays.arrays.add(array);
      }
      return arrays;
    }
  }

  /** Runs the program once. */
  public Arrays run(Arrays input) throws IOException {
    Path in = Files.write(folder.resolve("input"), input.encoded());
    Path out = folder.resolve("output");
    Programs.run(folder, List.of(program.toString(), in.toString(), out.toString()));
    return Arrays.decoded(Files.readAllBytes(out));
  }
}
