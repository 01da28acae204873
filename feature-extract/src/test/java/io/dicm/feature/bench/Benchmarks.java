package io.dicm.feature.bench;

import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.opentest4j.TestAbortedException;

/**
 * Runs the JMH benchmarks of a module, where its {@code RunBenchmarks} asks for it: that is no
 * test, and not run with the tests. How to start it is in {@code docs/performance.md}.
 */
public final class Benchmarks {
  /** The system property that names benchmarks: a regular expression. */
  public static final String PATTERN = "dicm.benchmarks";

  private Benchmarks() {}

  /**
   * Runs those that are named.
   *
   * @throws TestAbortedException when this module has none of them: another one may
   */
  public static void run() throws RunnerException {
    String pattern = System.getProperty(PATTERN);
    try {
      new Runner(
              new OptionsBuilder()
                  .include(pattern)
                  .forks(1)
                  .jvmArgsAppend("-Xmx1g", "-Dorg.bytedeco.javacpp.nopointergc=true")
                  .warmupIterations(3)
                  .warmupTime(TimeValue.seconds(1))
                  .measurementIterations(5)
                  .measurementTime(TimeValue.seconds(1))
                  .build())
          .run();
    } catch (NoBenchmarksException e) {
      throw new TestAbortedException("No benchmark of this module matches " + pattern, e);
    }
  }
}
