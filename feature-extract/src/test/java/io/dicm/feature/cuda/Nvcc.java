package io.dicm.feature.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** CUDA's compiler as a program, where the toolkit is installed; needs no GPU. */
public final class Nvcc implements CubinCompiler {
  private static final Path USUAL_FOLDER = Path.of("/usr/local/cuda/bin");

  private final Path program;
  private final Path folder;

  private Nvcc(Path program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * The one on PATH or of the usual installation; without one the test is skipped.
   *
   * @param folder for files
   */
  public static Nvcc find(Path folder) {
    return Stream.concat(
            Stream.of(System.getenv("PATH").split(":")).map(Path::of), Stream.of(USUAL_FOLDER))
        .map(place -> place.resolve("nvcc"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Nvcc(program, folder))
        .orElseGet(
            () ->
                abort("Kernels are not compiled: there is no nvcc on PATH or in " + USUAL_FOLDER));
  }

  @Override
  public String version() {
    return program.toString();
  }

  /** Warnings are errors. */
  @Override
  public List<String> options() {
    return List.of("-std=c++17", "-Werror", "all-warnings", "-cubin");
  }

  @Override
  public byte[] compile(KernelSource source, GpuArchitecture architecture) {
    try {
      Path file = Files.writeString(folder.resolve(source.name()), source.text());
      Path cubin = folder.resolve(source.name() + "." + architecture.label());
      List<String> command = new ArrayList<>(List.of(program.toString()));
      command.addAll(options());
      command.addAll(
          List.of("-arch=" + architecture.label(), "-o", cubin.toString(), file.toString()));
      Programs.run(folder, command);
      byte[] code = Files.readAllBytes(cubin);
      assertThat(code).as("code of %s", source.name()).startsWith(0x7f, 'E', 'L', 'F');
      return code;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
