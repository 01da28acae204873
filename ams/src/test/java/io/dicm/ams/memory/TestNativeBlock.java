package io.dicm.ams.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;

class TestNativeBlock {
  private static final int SIZE = 1 << 20;

  private final MemoryBudget budget = new MemoryBudget("the rows", "Take fewer.", 2L * SIZE);

  @Test
  void isFreedByItsLastOwnerAndNotBefore() {
    NativeBlock block;
    try (PointerScope scope = new PointerScope()) {
      block = NativeBlock.zeroed(budget, SIZE);
    }
    assertThat(budget.takenBytes()).isEqualTo(SIZE);
    assertThat(block.isShared()).isFalse();
    block.bytes().putLong(SIZE - 8, 7);

    block.retain();
    assertThat(block.isShared()).isTrue();
    block.release();
    assertThat(block.bytes().getLong(SIZE - 8)).isEqualTo(7);

    block.release();
    assertThat(budget.takenBytes()).isZero();
    assertThatThrownBy(block::bytes).hasMessage("The memory has been freed");
    assertThatThrownBy(block::floats).hasMessage("The memory has been freed");
    assertThatThrownBy(block::release).hasMessageContaining("more often");
  }

  /** The process's memory itself, as the system counts it: 2 GiB pass through it. */
  @Test
  void leavesNothingInTheProcess() {
    MemoryBudget large = new MemoryBudget("the rows", "Take fewer.", Long.MAX_VALUE);
    NativeBlock.zeroed(large, 1 << 26).release();
    long before = Pointer.physicalBytes();
    for (int i = 0; i < 16; i++) {
      NativeBlock block = NativeBlock.zeroed(large, 1 << 26);
      NativeBlock copy = block.copy();
      block.release();
      copy.release();
    }
    assertThat(Pointer.physicalBytes() - before).isLessThan(1L << 29);
  }

  @Test
  void beginsWithZerosAndCopiesAreApart() {
    NativeBlock block = NativeBlock.zeroed(budget, SIZE);
    for (int at = 0; at < SIZE; at += 8) {
      assertThat(block.bytes().getLong(at)).isZero();
    }
    block.floats().put(5, 1.5f);
    NativeBlock copy = block.copy();
    block.floats().put(5, 2.5f);
    assertThat(copy.floats().get(5)).isEqualTo(1.5f);
    assertThat(copy.bytes().getFloat(20)).isEqualTo(1.5f);
    block.release();
    copy.release();
  }

  @Test
  void refusesMoreThanTheBudgetWithBothNumbers() {
    NativeBlock one = NativeBlock.zeroed(budget, SIZE);
    NativeBlock two = one.copy();
    assertThatThrownBy(() -> NativeBlock.zeroed(budget, 1))
        .hasMessage("Cannot hold the rows: they need 2097153 bytes, allowed 2097152. Take fewer.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
    budget.extend(1);
    NativeBlock.zeroed(budget, 1).release();
    budget.extend(Long.MAX_VALUE);
    NativeBlock.zeroed(budget, SIZE).release();
    one.release();
    two.release();
    assertThat(budget.takenBytes()).isZero();
  }
}
