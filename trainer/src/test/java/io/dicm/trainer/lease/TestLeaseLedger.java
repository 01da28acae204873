package io.dicm.trainer.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TestLeaseLedger {
  private static final List<Long> ROW_GROUPS = List.of(100L, 40L, 7L);

  /** Whoever asks when, and asks again for what it had: each row of an epoch has one owner. */
  @Property(seed = "11", tries = 200)
  void eachRowIsReadOnceWhateverTheOrderOfAsking(
      @ForAll @Size(min = 1, max = 6) List<@LongRange(min = 0, max = 60) Long> rowGroups,
      @ForAll @IntRange(min = 1, max = 4) int members,
      @ForAll @IntRange(min = 1, max = 30) int mostRows,
      @ForAll boolean shuffled,
      @ForAll long turns) {
    int epochs = 2;
    LeasePlan plan =
        LeasePlan.of(
            rowGroups,
            new LeaseSize(mostRows, members),
            shuffled ? OptionalLong.of(turns) : OptionalLong.empty());
    LeaseLedger ledger = new LeaseLedger(plan, members, epochs);
    List<Reader> readers = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      readers.add(new Reader(ledger, member, epochs));
    }
    Random random = new Random(turns);
    int restarts = 5;

    while (!readers.stream().allMatch(Reader::isDone)) {
      Reader reader = readers.get(random.nextInt(members));
      if (restarts > 0 && random.nextInt(10) == 0) {
        restarts--;
        reader.startAgain();
      }
      reader.step();
    }

    long rows = rowGroups.stream().mapToLong(Long::longValue).sum();
    for (int epoch = 0; epoch < epochs; epoch++) {
      List<Long> read = new ArrayList<>();
      for (Reader reader : readers) {
        reader.had.get(epoch).forEach(lease -> rows(lease).forEach(read::add));
      }
      assertThat(read).doesNotHaveDuplicates().hasSize((int) rows);
    }
  }

  /** The members go on with another ledger, made from what the first one knew. */
  @Property(seed = "12", tries = 100)
  void anotherLedgerGivesTheSameAndThenTheRest(
      @ForAll @Size(min = 1, max = 6) List<@LongRange(min = 1, max = 60) Long> rowGroups,
      @ForAll @IntRange(min = 1, max = 4) int members,
      @ForAll @IntRange(min = 0, max = 60) int asked,
      @ForAll long turns) {
    LeasePlan plan = LeasePlan.of(rowGroups, new LeaseSize(5, members), OptionalLong.of(turns));
    LeaseLedger first = new LeaseLedger(plan, members, 2);
    List<Reader> readers = new ArrayList<>();
    for (int member = 0; member < members; member++) {
      readers.add(new Reader(first, member, 2));
    }
    Random random = new Random(turns);
    for (int i = 0; i < asked; i++) {
      readers.get(random.nextInt(members)).step();
    }

    LeaseLedger second = new LeaseLedger(plan, members, 2, first.taken());

    assertThat(second.taken()).isEqualTo(first.taken());
    for (Reader reader : readers) {
      for (int epoch = 0; epoch < 2; epoch++) {
        for (int number = 0; number < reader.had.get(epoch).size(); number++) {
          assertThat(second.lease(reader.member, epoch, number))
              .contains(reader.had.get(epoch).get(number));
        }
      }
    }
    assertThat(second.taken()).as("asking again takes nothing").isEqualTo(first.taken());
    List<Long> read = new ArrayList<>();
    readers.forEach(reader -> reader.had.get(0).forEach(lease -> read.addAll(rows(lease))));
    int number = readers.get(0).had.get(0).size();
    for (Optional<SampleLease> lease = second.lease(0, 0, number);
        lease.isPresent();
        lease = second.lease(0, 0, ++number)) {
      read.addAll(rows(lease.get()));
    }
    long all = rowGroups.stream().mapToLong(Long::longValue).sum();
    assertThat(read).doesNotHaveDuplicates().hasSize((int) all);
  }

  @Test
  void aLedgerOfMoreLeasesThanThereAreIsRefused() {
    LeasePlan plan = LeasePlan.of(List.of(3L), new LeaseSize(3, 1), OptionalLong.empty());

    assertThatThrownBy(() -> new LeaseLedger(plan, 1, 1, Map.of(0, Collections.nCopies(99, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Epoch 0 has fewer leases than the 99 taken.");
  }

  /** A member that starts again, as after a restart of the gang, at any time. */
  private static final class Reader {
    private final LeaseLedger ledger;
    private final int member;
    private final List<List<SampleLease>> had = new ArrayList<>();
    private int epoch;
    private int number;

    Reader(LeaseLedger ledger, int member, int epochs) {
      this.ledger = ledger;
      this.member = member;
      for (int i = 0; i < epochs; i++) {
        had.add(new ArrayList<>());
      }
    }

    boolean isDone() {
      return epoch == had.size();
    }

    void startAgain() {
      epoch = 0;
      number = 0;
    }

    void step() {
      if (isDone()) {
        return;
      }
      Optional<SampleLease> lease = ledger.lease(member, epoch, number);
      assertThat(ledger.lease(member, epoch, number)).as("the same again").isEqualTo(lease);
      List<SampleLease> before = had.get(epoch);
      if (lease.isEmpty()) {
        assertThat(number).as("an end that comes early").isEqualTo(before.size());
        epoch++;
        number = 0;
        return;
      }
      if (number < before.size()) {
        assertThat(lease).as("a lease that it had").contains(before.get(number));
      } else {
        before.add(lease.get());
      }
      number++;
    }
  }

  @Test
  void leasesAreEqualPartsOfRowGroupsInTheirOrder() {
    LeasePlan plan = LeasePlan.of(ROW_GROUPS, new LeaseSize(30, 1), OptionalLong.empty());

    // A sixteenth of 147 rows.
    assertThat(plan.leases()).allMatch(lease -> lease.rows() <= 9);
    assertThat(plan.leases().stream().flatMap(lease -> rows(lease).stream()).toList())
        .isEqualTo(LongStream.range(0, 147).boxed().toList());
    assertThat(plan.leases())
        .as("none goes over a row group's end")
        .noneMatch(lease -> lease.fromRow() < 100 && lease.toRow() > 100)
        .noneMatch(lease -> lease.fromRow() < 140 && lease.toRow() > 140);
    assertThat(plan.ofEpoch(0)).isEqualTo(plan.ofEpoch(1)).isEqualTo(plan.leases());
  }

  @Test
  void ordersDifferByEpochAndSeedAndAreEqualForEqualOnes() {
    LeasePlan plan = plan(OptionalLong.of(5));

    assertThat(plan.ofEpoch(0))
        .isEqualTo(plan(OptionalLong.of(5)).ofEpoch(0))
        .isNotEqualTo(plan.ofEpoch(1))
        .isNotEqualTo(plan(OptionalLong.of(6)).ofEpoch(0))
        .containsExactlyInAnyOrderElementsOf(plan.ofEpoch(1));
  }

  @Test
  void manyRowsAreCutAsConfiguredAndFewSoThatEachMemberHasLeasesToTake() {
    LeaseSize size = new LeaseSize(1000, 4);

    assertThat(size.rows(1_000_000)).isEqualTo(1000);
    assertThat(size.rows(6400)).isEqualTo(100);
    assertThat(size.rows(3)).isEqualTo(1);
    assertThat(size.buffer(65_536, 10_000_000)).isEqualTo(65_536);
    assertThat(size.buffer(65_536, 6400)).isEqualTo(200);
    assertThat(size.buffer(65_536, 3)).isEqualTo(1);
  }

  /** Beginning again it would otherwise have leases that it never asked for. */
  @Test
  void placesAreAskedForInOrder() {
    LeaseLedger ledger = new LeaseLedger(plan(OptionalLong.of(1)), 2, 1);
    ledger.lease(0, 0, 0);

    assertThatThrownBy(() -> ledger.lease(0, 0, 2))
        .hasMessage("Number of member 0's lease was 2, allowed 0..1.");
    assertThatThrownBy(() -> ledger.lease(2, 0, 0)).hasMessage("Member was 2, allowed 0..1.");
    assertThatThrownBy(() -> ledger.lease(0, 1, 0)).hasMessage("Epoch was 1, allowed 0..0.");
  }

  @Test
  void theEndStaysTheEnd() {
    LeaseLedger ledger = new LeaseLedger(plan(OptionalLong.of(1)), 2, 1);
    Set<SampleLease> had = new HashSet<>();
    int number = 0;
    for (Optional<SampleLease> lease = ledger.lease(0, 0, number);
        lease.isPresent();
        lease = ledger.lease(0, 0, number)) {
      had.add(lease.get());
      number++;
    }

    assertThat(had).containsExactlyInAnyOrderElementsOf(plan(OptionalLong.empty()).leases());
    assertThat(ledger.lease(1, 0, 0)).isEmpty();
    assertThat(ledger.lease(1, 0, 0)).isEmpty();
    assertThat(ledger.lease(0, 0, number)).isEmpty();
    assertThat(ledger.lease(0, 0, number - 1)).isPresent();
  }

  private static LeasePlan plan(OptionalLong seed) {
    return LeasePlan.of(ROW_GROUPS, new LeaseSize(30, 1), seed);
  }

  private static List<Long> rows(SampleLease lease) {
    return LongStream.range(lease.fromRow(), lease.toRow()).boxed().toList();
  }
}
