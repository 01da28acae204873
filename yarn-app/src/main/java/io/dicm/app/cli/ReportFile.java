package io.dicm.app.cli;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;

/**
 * {@code --json}: a file on this machine that gets a benchmark's result beside what stdout gets.
 * Published by a rename, so that a reader never sees a part of it.
 */
final class ReportFile {
  private static final String OPTION = "json";

  private final Path file;

  private ReportFile(Path file) {
    this.file = file;
  }

  static void addTo(Options options) {
    options.addOption(
        LaunchOptions.value(
            OPTION, "FILE", "also write the result to this file on this machine, as JSON"));
  }

  /**
   * The file that was asked for, if one was.
   *
   * @throws DicmException {@link ErrorCode#OUTPUT_EXISTS} when a folder has its name, {@link
   *     ErrorCode#INPUT_MISSING} when its folder is not there: both before anything is measured
   */
  static Optional<ReportFile> of(CommandLine line) {
    if (!line.hasOption(OPTION)) {
      return Optional.empty();
    }
    String name = line.getOptionValue(OPTION);
    Path file = Path.of(name).toAbsolutePath();
    if (name.isEmpty() || Files.isDirectory(file)) {
      throw new DicmException(
          ErrorCode.OUTPUT_EXISTS,
          "Cannot write the result to '" + name + "': it is a folder. Give the name of a file.");
    }
    if (!Files.isDirectory(file.getParent())) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot write the result to "
              + name
              + ": there is no folder "
              + file.getParent()
              + ". Make it first.");
    }
    return Optional.of(new ReportFile(file));
  }

  /** Replaces an earlier file. */
  void publish(Map<String, Object> fields) throws IOException {
    String json = new JsonFiles(new Configuration(false)).oneLine(fields) + "\n";
    Path beside = file.resolveSibling("." + file.getFileName() + "-" + UUID.randomUUID());
    try {
      Files.writeString(beside, json, StandardCharsets.UTF_8);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(beside);
      throw new DicmException(
          ErrorCode.STORAGE_FAILED, "Cannot write the result to " + file + ": " + e + ".", e);
    }
  }
}
