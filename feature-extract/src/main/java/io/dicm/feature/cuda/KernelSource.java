package io.dicm.feature.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The CUDA C++ text of some kernels. It includes no headers: NVRTC would have to find them on each
 * node.
 *
 * @param name of the file, for messages
 * @param text all of it
 */
public record KernelSource(String name, String text) {
  /**
   * A resource beside a class.
   *
   * @param neighbor a class of the resource's package
   * @param name of the file
   * @throws IllegalStateException if there is none
   */
  public static KernelSource resource(Class<?> neighbor, String name) {
    try (InputStream in = neighbor.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("There is no " + name + " beside " + neighbor.getName());
      }
      return new KernelSource(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + name + " from the jar", e);
    }
  }

  /** The same with a constant of the preprocessor before it. */
  public KernelSource define(String constant, int value) {
    return after("#define %s %d\n".formatted(constant, value));
  }

  /** The same with {@code value_types.cu} before it, for kernels that convert values. */
  public KernelSource withValueTypes() {
    return after(resource(KernelSource.class, "value_types.cu").text());
  }

  /** Messages of the compiler count the lines of this text. */
  private KernelSource after(String before) {
    return new KernelSource(name, before + "#line 1\n" + text);
  }
}
