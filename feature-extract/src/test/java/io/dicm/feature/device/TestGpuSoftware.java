package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestGpuSoftware {
  @TempDir Path root;

  @Test
  void aCompleteNodeLacksNothing() throws IOException {
    assertThat(lacks(Node.complete(root))).isEmpty();
  }

  @Test
  void onAnEmptyNodeEverythingIsNamed() {
    GpuSoftware software = new GpuSoftware(root, "", false);

    assertThat(software.shortfalls())
        .map(Shortfall::toString)
        .startsWith(
            "libtorch for CUDA (needed a dicm.jar built with -Pgpu, found one built without)",
            "NVIDIA driver (needed libcuda.so.1 of 580 or newer for CUDA 13, found none)",
            "CUDA runtime 13 (needed libcudart.so.13, found none)",
            "cuBLAS 13 (needed libcublas.so.13, found none)",
            "cuBLASLt 13 (needed libcublasLt.so.13, found none)")
        .endsWith(
            "cuDNN 9 (needed libcudnn.so.9, found none)",
            "cuDNN 9's graphs (needed libcudnn_graph.so.9, found none)",
            "cuDNN 9's operations (needed libcudnn_ops.so.9, found none)",
            "cuDNN 9's convolutions (needed libcudnn_cnn.so.9, found none)",
            "cuDNN 9's other networks (needed libcudnn_adv.so.9, found none)",
            "NCCL 2 (needed libnccl.so.2, found none)")
        .hasSize(19);
  }

  @ParameterizedTest
  @CsvSource({
    "550.54.15, CUDA 12.4",
    "575.57.08, CUDA 12.9",
    "535.183.01, CUDA 12.2",
    "470.82.01, CUDA 11 or older"
  })
  void anOldDriverIsToldWithItsCuda(String version, String cuda) throws IOException {
    Node node = Node.complete(root);
    node.driver(version);

    assertThat(lacks(node))
        .containsExactly(
            "NVIDIA driver (needed libcuda.so.1 of 580 or newer for CUDA 13, found %s for %s)"
                .formatted(version, cuda));
  }

  @Test
  void newDriversAreEnough() throws IOException {
    Node node = Node.complete(root);
    node.driver("610.12");

    assertThat(lacks(node)).isEmpty();
  }

  @Test
  void aKernelModuleWithoutTheDriversLibraryIsTold() throws IOException {
    Node node = Node.complete(root);
    node.removeUsual("libcuda.so.1");

    assertThat(lacks(node))
        .containsExactly(
            "NVIDIA driver (needed libcuda.so.1 of 580 or newer for CUDA 13, found the kernel's module of 580.65.06 for CUDA 13 alone)");
  }

  @Test
  void whereTheLibraryHasNoVersionTheModuleHas() throws IOException {
    Node node = Node.complete(root);
    node.removeUsual("libcuda.so.1");
    node.write("usr/lib/x86_64-linux-gnu/libcuda.so.1", "");
    assertThat(lacks(node)).isEmpty();

    node.kernelModule("550.54.15");
    assertThat(lacks(node)).singleElement().asString().contains("found 550.54.15 for CUDA 12.4");
  }

  @Test
  void aNewerLibraryOverAnOlderModuleIsWhatCompatibilityPackagesMake() throws IOException {
    Node node = Node.complete(root);
    node.kernelModule("550.54.15");

    assertThat(lacks(node)).isEmpty();
  }

  @Test
  void cudnn8AloneIsNotEnough() throws IOException {
    Node node = Node.complete(root);
    node.removeUsual("libcudnn.so.9");
    node.removeUsual("libcudnn.so.9.10.1");
    node.library("opt/cudnn", "libcudnn.so.8", "libcudnn.so.8.9.7");
    node.write("etc/ld.so.conf.d/cudnn.conf", "# cuDNN\n /opt/cudnn \n");

    assertThat(lacks(node))
        .containsExactly("cuDNN 9 (needed libcudnn.so.9, found libcudnn.so.8.9.7)");
  }

  /** libtorch loads without them, the bindings that its streams are called through do not. */
  @ParameterizedTest
  @CsvSource({
    "usr/lib/x86_64-linux-gnu, libcudnn_graph.so.9, cuDNN 9's graphs",
    "usr/lib/x86_64-linux-gnu, libcudnn_adv.so.9, cuDNN 9's other networks",
    "usr/local/cuda/lib64, libcusolverMg.so.12, cuSOLVER 12 for several GPUs"
  })
  void whatOnlyTheFirstLaunchNeedsIsLookedForToo(String folder, String library, String what)
      throws IOException {
    Node node = Node.complete(root);
    node.remove(folder, library);

    assertThat(lacks(node))
        .singleElement()
        .asString()
        .startsWith("%s (needed %s, found ".formatted(what, library));
  }

  @Test
  void anOlderToolkitIsTold() throws IOException {
    Node node = Node.complete(root);
    node.remove("usr/local/cuda/lib64", "libcublas.so.13");
    node.remove("usr/local/cuda/lib64", "libcublas.so.13.1.2");
    node.library("usr/local/cuda/lib64", "libcublas.so.12", "libcublas.so.12.8.3.14");

    assertThat(lacks(node))
        .containsExactly("cuBLAS 13 (needed libcublas.so.13, found libcublas.so.12.8.3.14)");
  }

  /** As {@code ldconfig FOLDER} leaves it: in the cache, and in no configuration. */
  @Test
  void librariesAreFoundByTheLoadersCache() throws IOException {
    Node node = Node.complete(root);
    node.removeUsual("libnccl.so.2");
    node.library("opt/nccl/lib", "libnccl.so.2", "libnccl.so.2.28.9");
    assertThat(lacks(node)).hasSize(1);

    node.write(
        "etc/ld.so.cache",
        "glibc-ld.so.cache1.1\1\0\0\2libnccl.so.2\0/opt/nccl/lib/libnccl.so.2\0\3\0");
    assertThat(lacks(node)).isEmpty();
  }

  @Test
  void librariesAreFoundByLibraryPathFirst() throws IOException {
    Node node = Node.complete(root);
    node.removeUsual("libnccl.so.2");
    Path nccl = Files.createDirectories(root.resolve("anywhere/nccl"));
    Files.createFile(nccl.resolve("libnccl.so.2"));

    assertThat(new GpuSoftware(node.root(), ":" + nccl + ":", true).shortfalls()).isEmpty();
  }

  @Test
  void anOldCLibraryIsToldWithItsVersion() throws IOException {
    Node node = Node.complete(root);
    node.glibc("2.31");
    node.removeUsual("libstdc++.so.6");
    node.library("usr/lib/x86_64-linux-gnu", "libstdc++.so.6", "libstdc++.so.6.0.28");

    assertThat(lacks(node))
        .containsExactly(
            "glibc (needed 2.35, found 2.31)",
            "libstdc++ (needed GLIBCXX_3.4.30, found GLIBCXX_3.4.28)");
  }

  @Test
  void whatHasNoVersionCountsAsThere() throws IOException {
    Node node = Node.complete(root);
    node.write("usr/lib/x86_64-linux-gnu/libc.so.6", "musl");
    node.removeUsual("libstdc++.so.6");

    assertThat(lacks(node)).isEmpty();
    assertThat(new GpuSoftware(node.root(), "", true).parts())
        .contains(
            new SoftwarePart("glibc", "2.35", "an unknown version", true),
            new SoftwarePart("libstdc++", "GLIBCXX_3.4.30", "an unknown version", true));
  }

  @Test
  void whatIsThereIsToldWithItsVersion() throws IOException {
    Node node = Node.complete(root);
    node.removeUsual("libnccl.so.2");
    node.removeUsual("libnccl.so.2.28.9");
    List<SoftwarePart> parts = new GpuSoftware(node.root(), "", false).parts();

    assertThat(parts)
        .contains(
            new SoftwarePart(
                "NVIDIA driver",
                "libcuda.so.1 of 580 or newer for CUDA 13",
                "580.65.06 for CUDA 13",
                true),
            new SoftwarePart("CUDA runtime 13", "libcudart.so.13", "13.1.2", true),
            new SoftwarePart("cuDNN 9", "libcudnn.so.9", "9.10.1", true),
            new SoftwarePart("NCCL 2", "libnccl.so.2", "none", false),
            new SoftwarePart("glibc", "2.35", "2.35", true));
    assertThat(parts)
        .as("the build of this program is no part of the node")
        .noneMatch(part -> part.what().contains("dicm.jar") || part.needed().contains("dicm.jar"));
    assertThat(parts)
        .filteredOn(part -> !part.enough())
        .map(SoftwarePart::shortfall)
        .containsExactly("NCCL 2 (needed libnccl.so.2, found none)");
  }

  private static List<String> lacks(Node node) {
    return new GpuSoftware(node.root(), "", true)
        .shortfalls().stream().map(Shortfall::toString).toList();
  }
}
