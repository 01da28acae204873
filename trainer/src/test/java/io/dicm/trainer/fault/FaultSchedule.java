package io.dicm.trainer.fault;

import io.dicm.common.key.SplitMix64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Which faults strike when: random, but from a seed. The first ones are one of each family, then
 * all kinds come in turn in random order.
 *
 * @param seed of all choices
 */
record FaultSchedule(long seed) {
  private static final int STEPS_BETWEEN = 6;

  /** Steps that are left after the last fault, so that the training cannot end before it. */
  private static final int STEPS_AFTER = 40;

  /** Steps of a training with so many faults. */
  static int stepsFor(int faults) {
    int steps = (faults + 1) * STEPS_BETWEEN + STEPS_AFTER;
    int between = FaultSettings.STEPS_BETWEEN_CHECKPOINTS;
    return (steps + between - 1) / between * between;
  }

  /** So many faults, by step. */
  List<PlannedFault> faults(int count) {
    // Scrambled: small seeds of a Random begin alike.
    Random random = new Random(SplitMix64.mix(seed));
    List<FaultKind> kinds = new ArrayList<>(oneOfEachFamily(random));
    while (kinds.size() < count) {
      List<FaultKind> all = Arrays.asList(FaultKind.values());
      Collections.shuffle(all, random);
      kinds.addAll(all);
    }
    List<PlannedFault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long step = (long) (i + 1) * STEPS_BETWEEN + random.nextInt(STEPS_BETWEEN - 1);
      faults.add(
          new PlannedFault(
              kinds.get(i),
              step,
              random.nextInt(FaultSettings.SERVERS),
              random.nextBoolean(),
              random.nextDouble()));
    }
    return faults;
  }

  private static List<FaultKind> oneOfEachFamily(Random random) {
    List<FaultKind> some = new ArrayList<>();
    for (FaultKind.Family family : FaultKind.Family.values()) {
      List<FaultKind> kinds =
          Arrays.stream(FaultKind.values()).filter(kind -> kind.family() == family).toList();
      some.add(kinds.get(random.nextInt(kinds.size())));
    }
    Collections.shuffle(some, random);
    return some;
  }
}
