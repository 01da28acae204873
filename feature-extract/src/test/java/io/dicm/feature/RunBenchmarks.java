package io.dicm.feature;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Starts the JMH benchmarks of this module; no test, and not run with the tests. How to start it is
 * in {@code docs/performance.md}.
 */
class RunBenchmarks {
  private static final String PATTERN = "dicm.benchmarks";

  @Test
  @EnabledIfSystemProperty(named = PATTERN, matches = ".+")
  void run() throws Exception {
    new Runner(
            new OptionsBuilder()
                .include(System.getProperty(PATTERN))
                .forks(1)
                .jvmArgsAppend("-Xmx1g", "-Dorg.bytedeco.javacpp.nopointergc=true")
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .build())
        .run();
  }
}
