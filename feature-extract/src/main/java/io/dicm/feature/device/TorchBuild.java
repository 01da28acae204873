package io.dicm.feature.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/**
 * Which libtorch this program carries: the one for the processor always, the one for CUDA in a
 * build with Maven's profile {@code gpu}. A process loads one of the two, once. It is the
 * processor's unless {@link #chooseCuda} comes first, since the other one does not load where
 * CUDA's libraries are missing.
 */
public final class TorchBuild {
  private static final String CUDA_FOLDER = "org/bytedeco/pytorch/linux-x86_64-gpu/";

  /** A library that libtorch for CUDA has in every build of it. */
  private static final String CUDA_LIBRARY = CUDA_FOLDER + "libjnitorch.so";

  /** JavaCPP's choice among builds of one library; empty: the plain one. */
  private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";

  private static final String CUDA_EXTENSION = "-gpu";

  private TorchBuild() {}

  /** Whether this program carries libtorch for CUDA. */
  public static boolean hasCuda() {
    return library().isPresent();
  }

  /**
   * Lets the process load libtorch for the processor, where nothing else is said: left to itself
   * JavaCPP would try the one for CUDA first. For programs whose command line is not ours; before
   * anything of libtorch is used.
   */
  public static void chooseProcessorUnlessSaid() {
    if (System.getProperty(EXTENSION) == null) {
      System.setProperty(EXTENSION, "");
    }
  }

  /**
   * Lets the process load libtorch for CUDA; before anything of libtorch is used.
   *
   * @throws UncheckedIOException when its libraries are in a jar and cannot be unpacked
   */
  static void chooseCuda() {
    System.setProperty(EXTENSION, CUDA_EXTENSION);
    // JavaCPP may have read its settings for a pointer that has nothing to do with libtorch.
    Loader.loadProperties(true);
    if (library().filter(found -> found.getProtocol().equals("jar")).isPresent()) {
      unpack();
    }
  }

  /**
   * All libraries at once. JavaCPP unpacks a jar's one by one: one that does not find the next
   * beside it would be loaded from the other build, and the two together end the process.
   */
  private static void unpack() {
    try {
      Loader.cacheResources("/" + CUDA_FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<URL> library() {
    return Optional.ofNullable(TorchBuild.class.getClassLoader().getResource(CUDA_LIBRARY));
  }
}
