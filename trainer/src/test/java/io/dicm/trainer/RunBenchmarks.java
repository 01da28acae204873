package io.dicm.trainer;

import io.dicm.feature.bench.Benchmarks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Starts the JMH benchmarks of this module. */
class RunBenchmarks {
  @Test
  @EnabledIfSystemProperty(named = Benchmarks.PATTERN, matches = ".+")
  void run() throws Exception {
    Benchmarks.run();
  }
}
