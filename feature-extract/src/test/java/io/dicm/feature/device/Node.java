package io.dicm.feature.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A folder that looks like the file system of a node, as far as a GPU's software goes. */
final class Node {
  private static final String USUAL = "usr/lib/x86_64-linux-gnu";

  private final Path root;

  Node(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /** A node with all that libtorch for CUDA needs, of the versions that it was built with. */
  static Node complete(Path root) throws IOException {
    Node node = new Node(root);
    node.driver("580.65.06");
    for (String library :
        List.of(
            "cudart.so.13",
            "cublas.so.13",
            "cublasLt.so.13",
            "cufft.so.12",
            "curand.so.10",
            "cusparse.so.12",
            "cusolver.so.12",
            "cusolverMg.so.12",
            "nvJitLink.so.13",
            "cupti.so.13",
            "cufile.so.0")) {
      node.library("usr/local/cuda/lib64", "lib" + library, "lib" + library + ".1.2");
    }
    for (String part : List.of("", "_graph", "_ops", "_cnn", "_adv")) {
      node.library(USUAL, "libcudnn" + part + ".so.9", "libcudnn" + part + ".so.9.10.1");
    }
    node.library(USUAL, "libnccl.so.2", "libnccl.so.2.28.9");
    node.glibc("2.35");
    node.library(USUAL, "libstdc++.so.6", "libstdc++.so.6.0.30");
    return node;
  }

  /** The driver's library and what the kernel's module says. */
  void driver(String version) throws IOException {
    remove(USUAL, "libcuda.so.1");
    library(USUAL, "libcuda.so.1", "libcuda.so." + version);
    kernelModule(version);
  }

  void kernelModule(String version) throws IOException {
    write(
        "proc/driver/nvidia/version",
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  "
            + version
            + "  Release Build\nGCC version:  gcc version 12.3.0 (Ubuntu 12.3.0-1ubuntu1)\n");
  }

  void glibc(String version) throws IOException {
    write(
        USUAL + "/libc.so.6",
        "\0\u00ffGNU C Library (Ubuntu GLIBC "
            + version
            + "-0ubuntu3) stable release version "
            + version
            + ".\0");
  }

  /** A file, and the link to it by which it is found. */
  void library(String folder, String name, String file) throws IOException {
    Path place = Files.createDirectories(root.resolve(folder));
    Files.createFile(place.resolve(file));
    Files.createSymbolicLink(place.resolve(name), Path.of(file));
  }

  void remove(String folder, String name) throws IOException {
    Files.deleteIfExists(root.resolve(folder).resolve(name));
  }

  void removeUsual(String name) throws IOException {
    remove(USUAL, name);
  }

  void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text, StandardCharsets.ISO_8859_1);
  }
}
