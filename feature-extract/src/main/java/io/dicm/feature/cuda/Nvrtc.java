package io.dicm.feature.cuda;

import static org.bytedeco.cuda.global.nvrtc.NVRTC_SUCCESS;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;

/** NVIDIA's compiler in the process; needs no GPU. Safe for use by many threads. */
public final class Nvrtc implements CubinCompiler {
  private static final List<String> OPTIONS = List.of("--std=c++17");

  private final String version;

  private Nvrtc(String version) {
    this.version = version;
  }

  /**
   * Loads the library.
   *
   * @throws DicmException {@link ErrorCode#NATIVE_LIBRARY_UNAVAILABLE} where it is not
   */
  public static Nvrtc load() {
    try (PointerScope scope = new PointerScope()) {
      IntPointer major = new IntPointer(1);
      IntPointer minor = new IntPointer(1);
      check(nvrtc.nvrtcVersion(major, minor), "ask NVRTC for its version");
      return new Nvrtc("NVRTC " + major.get() + "." + minor.get());
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new DicmException(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          "Cannot load NVRTC, which compiles the GPU's kernels: "
              + reason(e)
              + ". It comes with CUDA 13: put its libnvrtc.so.13 on LD_LIBRARY_PATH.",
          e);
    }
  }

  /** From the second try on the class is only said not to be there; why, is its cause's. */
  private static String reason(LinkageError e) {
    return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public List<String> options() {
    return OPTIONS;
  }

  @Override
  public byte[] compile(KernelSource source, GpuArchitecture architecture) {
    try (PointerScope scope = new PointerScope()) {
      _nvrtcProgram program = new _nvrtcProgram();
      check(
          nvrtc.nvrtcCreateProgram(
              program,
              new BytePointer(source.text()),
              new BytePointer(source.name()),
              0,
              (PointerPointer<?>) null,
              (PointerPointer<?>) null),
          "begin to compile " + source.name());
      try {
        return compile(program, source, architecture);
      } finally {
        nvrtc.nvrtcDestroyProgram(program);
      }
    }
  }

  private byte[] compile(_nvrtcProgram program, KernelSource source, GpuArchitecture architecture) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.add("--gpu-architecture=" + architecture.label());
    int result =
        nvrtc.nvrtcCompileProgram(
            program, options.size(), new PointerPointer<>(options.toArray(new String[0])));
    if (result != NVRTC_SUCCESS) {
      throw failure(
          "compile %s for %s with %s".formatted(source.name(), architecture.label(), version),
          result,
          log(program));
    }
    SizeTPointer size = new SizeTPointer(1);
    check(nvrtc.nvrtcGetCUBINSize(program, size), "get the code of " + source.name());
    byte[] cubin = new byte[Math.toIntExact(size.get())];
    check(nvrtc.nvrtcGetCUBIN(program, cubin), "get the code of " + source.name());
    return cubin;
  }

  private static String log(_nvrtcProgram program) {
    SizeTPointer size = new SizeTPointer(1);
    if (nvrtc.nvrtcGetProgramLogSize(program, size) != NVRTC_SUCCESS || size.get() <= 1) {
      return "";
    }
    byte[] log = new byte[Math.toIntExact(size.get())];
    return nvrtc.nvrtcGetProgramLog(program, log) == NVRTC_SUCCESS
        ? ". " + new String(log, 0, log.length - 1, StandardCharsets.UTF_8).strip()
        : "";
  }

  private static void check(int result, String what) {
    if (result != NVRTC_SUCCESS) {
      throw failure(what, result, "");
    }
  }

  private static DicmException failure(String what, int result, String log) {
    return new DicmException(
        ErrorCode.GPU_FAILED,
        "Cannot %s: %s%s".formatted(what, nvrtc.nvrtcGetErrorString(result).getString(), log));
  }
}
