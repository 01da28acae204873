package io.dicm.trainer.samplejob;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random logs of few users, items and moments, so that everything coincides with everything. */
final class JoinCases {
  private static final long SECONDS_PER_DAY = 86_400;

  private JoinCases() {}

  static Arbitrary<JoinCase> any() {
    Arbitrary<List<LogRow>> impressions = rows().list().ofMinSize(1).ofMaxSize(40);
    Arbitrary<List<LogRow>> behaviors = rows().list().ofMaxSize(40).injectNull(0.5);
    return Combinators.combine(impressions, behaviors, settings()).as(JoinCase::new);
  }

  private static Arbitrary<JoinSettings> settings() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 2),
            Arbitraries.of("user-fraction:0.5", "user-fraction:0.83", "last-days:1", "last-days:2"),
            Arbitraries.of(0, 0, 0.3, 0.6).map(Number::doubleValue),
            Arbitraries.of(1, 1, 0.5, 0.1).map(Number::doubleValue),
            Arbitraries.of(0, 0, 3),
            Arbitraries.longs().between(1, 50),
            Arbitraries.of(0L, 1L, 2L, 3L, 6L))
        .as(JoinSettings::new);
  }

  private static Arbitrary<LogRow> rows() {
    return Combinators.combine(
            Arbitraries.of("u", "v", "\u00e9"),
            Arbitraries.of("a", "b", "c", "a", "b", "c", "unknown"),
            moments(),
            Arbitraries.integers().between(0, 1),
            Arbitraries.integers().between(0, 99),
            Arbitraries.of("", "0", "2.9", "3", "3.0", "17", "17", "17", "long"))
        .as(
            (user, item, ts, label, id, dwell) ->
                new LogRow(user, item, ts, label, "i" + id, dwell));
  }

  /** Four days in halves, give or take a second: the ends of windows and days are among them. */
  private static Arbitrary<Long> moments() {
    return Combinators.combine(
            Arbitraries.longs().between(1, 8), Arbitraries.longs().between(-1, 1))
        .as((half, second) -> half * SECONDS_PER_DAY / 2 + second);
  }
}
