package io.dicm.feature.device;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of NVIDIA's driver, such as 550.54.15.
 *
 * @param text all of it
 * @param branch its first number, which decides what CUDA it is for
 */
record DriverVersion(String text, int branch) {
  /** The first branch that is for CUDA 13, which our libtorch is built for. */
  static final int LEAST_BRANCH = 580;

  private static final Pattern NUMBERS = Pattern.compile("(?<![0-9])([0-9]{3,4})(?:\\.[0-9]+)+");

  /**
   * First branches of drivers and the CUDA that they are for, the newest first: "CUDA Toolkit and
   * Corresponding Driver Versions" in the release notes of CUDA.
   */
  private static final List<Branch> BRANCHES =
      List.of(
          new Branch(580, "13"),
          new Branch(575, "12.9"),
          new Branch(570, "12.8"),
          new Branch(565, "12.7"),
          new Branch(560, "12.6"),
          new Branch(555, "12.5"),
          new Branch(550, "12.4"),
          new Branch(545, "12.3"),
          new Branch(535, "12.2"),
          new Branch(530, "12.1"),
          new Branch(525, "12.0"));

  /** One line of that table. */
  private record Branch(int least, String cuda) {}

  /** The first version in a text: a file's name, or what the kernel's module says of itself. */
  static Optional<DriverVersion> in(String text) {
    Matcher version = NUMBERS.matcher(text);
    return version.find()
        ? Optional.of(new DriverVersion(version.group(), Integer.parseInt(version.group(1))))
        : Optional.empty();
  }

  boolean isEnough() {
    return branch >= LEAST_BRANCH;
  }

  /** With the CUDA that it is for. */
  String words() {
    String cuda =
        BRANCHES.stream()
            .filter(first -> branch >= first.least())
            .map(first -> "CUDA " + first.cuda())
            .findFirst()
            .orElse("CUDA 11 or older");
    return text + " for " + cuda;
  }
}
