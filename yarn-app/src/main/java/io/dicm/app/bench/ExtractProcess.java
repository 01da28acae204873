package io.dicm.app.bench;

import io.dicm.app.container.ProcessMemory;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.feature.bench.ContainerRun;
import io.dicm.feature.bench.ExtractRate;
import io.dicm.feature.bench.MeasuredExtraction;
import io.dicm.feature.bench.PlainVgg16;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Entry point of one process of an extraction's measurement, as {@link StepProcess} is of a step's.
 */
public final class ExtractProcess {
  /** As map tasks of extraction have. */
  private static final String HEAP = "-Xmx512m";

  private ExtractProcess() {}

  /** What a process does. */
  enum Role {
    /** What a map task does, from picture files to vectors. */
    CONTAINER,
    /** The network alone, on tensors that are there. */
    LIBTORCH;

    BenchmarkProcess.Program program() {
      return new BenchmarkProcess.Program(ExtractProcess.class, name(), HEAP);
    }
  }

  /**
   * What the processes of one measurement do.
   *
   * @param plan what is measured
   * @param configuration a file with all keys
   */
  record Task(MeasuredExtraction plan, String configuration) {}

  /** Arguments: role and task file. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    EndOfInput.endsProcess(
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)));
    Task task =
        new JsonFiles(new Configuration())
            .read(new Path(arguments[1]), Task.class, ErrorCode.CONFIGURATION_INVALID);
    DicmConfiguration.registerDefaults();
    Configuration conf = new Configuration();
    conf.addResource(new Path(task.configuration()));
    try {
      ExtractRate rate =
          switch (Role.valueOf(arguments[0])) {
            case CONTAINER -> new ContainerRun(conf, task.plan()).measure();
            case LIBTORCH -> plain(task.plan());
          };
      System.out.println(
          BenchmarkProcess.ANSWER
              + new JsonFiles(new Configuration(false))
                  .oneLine(rate.withPeakBytes(ProcessMemory.peakResidentBytes())));
    } catch (DicmException e) {
      System.err.println(e.oneLine());
      System.exit(e.code().exitCode().status());
    }
  }

  private static ExtractRate plain(MeasuredExtraction plan) {
    try (PlainVgg16 network = new PlainVgg16(plan)) {
      return network.measure();
    }
  }
}
