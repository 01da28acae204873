package io.dicm.ams.memory;

import io.dicm.common.error.DicmException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Some bytes outside the Java heap, in the machine's byte order, freed when the last of its owners
 * has released them: not by the garbage collector, and not with the {@link PointerScope} that
 * happens to be open. Owners may be on several threads; what they read and write is theirs to
 * order.
 */
public final class NativeBlock {
  private final MemoryBudget budget;
  private final BytePointer memory;
  private final long size;
  private final AtomicInteger owners = new AtomicInteger(1);
  private ByteBuffer bytes;
  private FloatBuffer floats;

  private NativeBlock(MemoryBudget budget, BytePointer memory, int size) {
    this.budget = budget;
    this.memory = memory;
    this.size = size;
    this.bytes = memory.asByteBuffer().order(ByteOrder.nativeOrder());
    this.floats = bytes.asFloatBuffer();
  }

  /**
   * A block of zeros with one owner, the caller.
   *
   * @throws DicmException {@code MEMORY_PLAN_TOO_LARGE} when the budget does not have so much
   */
  public static NativeBlock zeroed(MemoryBudget budget, int size) {
    NativeBlock block = allocate(budget, size);
    Pointer.memset(block.memory, 0, size);
    return block;
  }

  /** The same bytes again, with one owner, the caller; as {@link #zeroed}. */
  public NativeBlock copy() {
    NativeBlock copy = allocate(budget, (int) size);
    Pointer.memcpy(copy.memory, memory, size);
    return copy;
  }

  private static NativeBlock allocate(MemoryBudget budget, int size) {
    budget.take(size);
    try (PointerScope scope = new PointerScope()) {
      BytePointer memory = new BytePointer(size);
      memory.retainReference();
      return new NativeBlock(budget, memory, size);
    } catch (RuntimeException | Error e) {
      budget.giveBack(size);
      throw e;
    }
  }

  /** All of it. Only absolute positions are used. */
  public ByteBuffer bytes() {
    if (bytes == null) {
      throw new IllegalStateException("The memory has been freed");
    }
    return bytes;
  }

  /** All of it as floats; float i is at byte 4 i. */
  public FloatBuffer floats() {
    if (floats == null) {
      throw new IllegalStateException("The memory has been freed");
    }
    return floats;
  }

  /** Adds an owner; the caller must be or act for one. */
  public void retain() {
    owners.incrementAndGet();
  }

  /** Whether there is more than one owner. */
  public boolean isShared() {
    return owners.get() > 1;
  }

  /** Takes one owner away; without owners the memory is freed. */
  public void release() {
    int left = owners.decrementAndGet();
    if (left == 0) {
      bytes = null;
      floats = null;
      memory.deallocate();
      budget.giveBack(size);
    } else if (left < 0) {
      throw new IllegalStateException("The memory was released more often than it had owners");
    }
  }
}
