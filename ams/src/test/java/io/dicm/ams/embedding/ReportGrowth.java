package io.dicm.ams.embedding;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.table.KeyIndex;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Prints how long single insertions take while a table grows to some million rows, and beside them
 * those of an index that moves all keys at once; no test, and not run with the tests: {@code mvn
 * test -pl ams -am -Dtest=ReportGrowth -Ddicm.test.args=-Ddicm.growth.rows=5000000}.
 */
class ReportGrowth {
  private static final String ROWS = "dicm.growth.rows";
  private static final int DIMENSION = 12;

  @Test
  @EnabledIfSystemProperty(named = ROWS, matches = "\\d+")
  void printInsertionTimes() {
    int rows = Integer.getInteger(ROWS);
    MemoryBudget budget = new MemoryBudget("the rows", "Take fewer.", Long.MAX_VALUE);
    EmbeddingOptions options = EmbeddingOptions.everyId(Long.MAX_VALUE);
    for (int round = 0; round < 2; round++) {
      try (EmbeddingTable table =
          new EmbeddingTable(DIMENSION, 1, new Adam(), 0, options, budget)) {
        long[] one = new long[1];
        print(
            "EmbeddingTable",
            rows,
            key -> {
              one[0] = key;
              table.rowsOf(0, one);
            });
        System.out.println(budget.takenBytes() / rows + " bytes a row");
      }
      KeyIndex atOnce = new KeyIndex(16);
      print("KeyIndex alone", rows, atOnce::add);
    }
  }

  /** The thread's own time beside the clock's: the latter also has what other processes took. */
  private static void print(String name, int rows, LongConsumer insert) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Random random = new Random(5);
    long[] clockNs = new long[rows];
    long[] ownNs = new long[rows];
    for (int i = 0; i < rows; i++) {
      long key = random.nextLong() | 1;
      long own = threads.getCurrentThreadCpuTime();
      long clock = System.nanoTime();
      insert.accept(key);
      clockNs[i] = System.nanoTime() - clock;
      ownNs[i] = threads.getCurrentThreadCpuTime() - own;
    }
    print(name + ", clock", clockNs);
    print(name + ", thread's own time", ownNs);
  }

  private static void print(String name, long[] ns) {
    double mean = Arrays.stream(ns).average().orElse(0);
    Arrays.sort(ns);
    System.out.printf(
        "%s, %d rows: mean %.0f ns, 99.9 %% within %.1f us, 5 longest %s us%n",
        name,
        ns.length,
        mean,
        ns[(int) (ns.length * 0.999)] / 1e3,
        Arrays.toString(Arrays.stream(ns, ns.length - 5, ns.length).map(t -> t / 1000).toArray()));
  }
}
