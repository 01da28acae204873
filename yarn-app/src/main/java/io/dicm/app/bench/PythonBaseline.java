package io.dicm.app.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs that do with PyTorch what we do, to be measured beside ours. They write a line of
 * JSON for each thing that they measured. That there is no Python or no PyTorch is no failure: the
 * result says so. For one thread.
 */
public final class PythonBaseline {
  /** What a result says where there is no PyTorch, or no Python to have one. */
  public static final String NOT_INSTALLED = "PyTorch is not installed here";

  /** Environment variable with the interpreter to use instead of {@code python3} in the path. */
  public static final String INTERPRETER = "DICM_PYTHON";

  private static final Logger LOG = LoggerFactory.getLogger(PythonBaseline.class);
  private static final String UNAVAILABLE = "unavailable";
  private static final long END_SECONDS = 5;
  private static final int MAX_QUOTED = 500;

  private final String interpreter;
  private final Duration deadline;
  private final Path folder;

  /** The programs that travel with this class. */
  public enum Program {
    /** A training step of the model. */
    DICM_STEP("dicm_step.py"),
    /** VGG16 to FC6. */
    VGG16("vgg16.py");

    private final String file;

    Program(String file) {
      this.file = file;
    }

    /** As files and documents name it. */
    String label() {
      return file;
    }

    /** Writes it to a folder. */
    Path copyTo(Path folder) throws IOException {
      Path copy = folder.resolve(file);
      try (InputStream in = PythonBaseline.class.getResourceAsStream(file)) {
        Files.write(copy, in.readAllBytes());
      }
      return copy;
    }
  }

  /**
   * What a program said.
   *
   * @param rows its lines, objects with {@code variant} and figures, or with {@code variant} and
   *     {@code error}
   * @param unavailable why there are no rows, or not all; empty when it ended well
   */
  public record Result(List<JsonNode> rows, String unavailable) {
    public Result {
      rows = List.copyOf(rows);
    }
  }

  /**
   * @param interpreter Python 3
   * @param deadline for each program, after which it is killed
   * @param folder for temporary files
   */
  public PythonBaseline(String interpreter, Duration deadline, Path folder) {
    this.interpreter = interpreter;
    this.deadline = deadline;
    this.folder = folder;
  }

  /** With the interpreter that the environment names, or {@code python3} from the path. */
  public static PythonBaseline of(Map<String, String> environment, Duration deadline, Path folder) {
    String named = environment.getOrDefault(INTERPRETER, "");
    return new PythonBaseline(named.isEmpty() ? "python3" : named, deadline, folder);
  }

  /** Runs a program with these arguments. */
  public Result run(Program program, List<String> arguments)
      throws IOException, InterruptedException {
    return run(program.copyTo(folder), arguments);
  }

  Result run(Path script, List<String> arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "python", ".out");
    Path errors = Files.createTempFile(folder, "python", ".err");
    List<String> command = new ArrayList<>(List.of(interpreter, "-u", script.toString()));
    command.addAll(arguments);
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
    } catch (IOException e) {
      LOG.info("There is no Python to start: {}", e.getMessage());
      return new Result(List.of(), NOT_INSTALLED);
    }
    String failure;
    try {
      failure = await(process);
    } finally {
      kill(process);
    }
    if (!failure.isEmpty()) {
      LOG.warn("{} {}; it said: {}", script.getFileName(), failure, lastWords(errors));
    }
    return result(output, failure);
  }

  /** Waits; gives what went wrong, if anything did. */
  private String await(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
      return "did not end within " + deadline.toSeconds() + " s";
    }
    return process.exitValue() == 0 ? "" : "ended with status " + process.exitValue();
  }

  /** The compiler's own processes too. */
  private static void kill(Process process) throws InterruptedException {
    if (process.isAlive()) {
      List<ProcessHandle> started = process.descendants().toList();
      process.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
      started.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static Result result(Path output, String failure) throws IOException {
    JsonFiles json = new JsonFiles(new Configuration(false));
    List<JsonNode> rows = new ArrayList<>();
    String unavailable = failure.isEmpty() ? "" : "The PyTorch program " + failure;
    for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
      // A program that was killed may have left a part of a line.
      if (!line.startsWith("{") || !line.endsWith("}")) {
        continue;
      }
      JsonNode row = json.parse(line, JsonNode.class);
      if (row.has(UNAVAILABLE)) {
        unavailable = row.path(UNAVAILABLE).asText();
      } else {
        rows.add(row);
      }
    }
    return new Result(rows, unavailable);
  }

  private static String lastWords(Path errors) throws IOException {
    String said = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8).strip();
    return said.substring(Math.max(0, said.length() - MAX_QUOTED));
  }
}
