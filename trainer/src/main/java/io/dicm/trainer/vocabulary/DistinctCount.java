package io.dicm.trainer.vocabulary;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts distinct 64-bit hashes: exactly up to {@value #MOST_EXACT}, beyond that by HyperLogLog
 * with 16,384 registers, whose standard error is 0.8 %. Not safe for use by many threads.
 *
 * <p>The estimate is the improved one of O. Ertl, "New cardinality estimation algorithms for
 * HyperLogLog sketches", arXiv 1702.01284, which needs no correction by range.
 */
final class DistinctCount {
  /** Most distinct hashes that are kept as they are. */
  static final int MOST_EXACT = 2048;

  private static final int INDEX_BITS = 14;
  private static final int REGISTERS = 1 << INDEX_BITS;
  private static final int MOST_ZEROS = Long.SIZE - INDEX_BITS;

  private Set<Long> exact = new HashSet<>();
  private byte[] registers;

  void add(long hash) {
    if (registers != null) {
      register(hash);
      return;
    }
    exact.add(hash);
    if (exact.size() > MOST_EXACT) {
      estimateFromNowOn();
    }
  }

  /** Adds what another one counted. */
  void merge(DistinctCount other) {
    if (other.registers == null) {
      other.exact.forEach(this::add);
      return;
    }
    if (registers == null) {
      estimateFromNowOn();
    }
    for (int i = 0; i < REGISTERS; i++) {
      registers[i] = (byte) Math.max(registers[i], other.registers[i]);
    }
  }

  boolean isExact() {
    return registers == null;
  }

  long count() {
    return isExact() ? exact.size() : Math.round(estimate());
  }

  void write(DataOutput out) throws IOException {
    out.writeBoolean(isExact());
    if (isExact()) {
      out.writeInt(exact.size());
      for (long hash : exact) {
        out.writeLong(hash);
      }
    } else {
      out.write(registers);
    }
  }

  static DistinctCount read(DataInput in) throws IOException {
    DistinctCount count = new DistinctCount();
    if (in.readBoolean()) {
      for (int left = in.readInt(); left > 0; left--) {
        count.exact.add(in.readLong());
      }
    } else {
      count.estimateFromNowOn();
      in.readFully(count.registers);
    }
    return count;
  }

  private void estimateFromNowOn() {
    registers = new byte[REGISTERS];
    exact.forEach(this::register);
    exact = Set.of();
  }

  private void register(long hash) {
    long mixed = mix(hash);
    int index = (int) (mixed >>> MOST_ZEROS);
    // The bit below the others ends the zeros of a hash that has no other bit set.
    int zeros = Long.numberOfLeadingZeros(mixed << INDEX_BITS | 1L << (INDEX_BITS - 1));
    registers[index] = (byte) Math.max(registers[index], zeros + 1);
  }

  /** The finaliser of SplitMix64: all bits of a key have their part in all bits of the result. */
  private static long mix(long hash) {
    long bits = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
    bits = (bits ^ bits >>> 27) * 0x94d049bb133111ebL;
    return bits ^ bits >>> 31;
  }

  private double estimate() {
    int[] registersOf = new int[MOST_ZEROS + 2];
    for (byte register : registers) {
      registersOf[register]++;
    }
    double sum = REGISTERS * tau(1 - (double) registersOf[MOST_ZEROS + 1] / REGISTERS);
    for (int value = MOST_ZEROS; value >= 1; value--) {
      sum = 0.5 * (sum + registersOf[value]);
    }
    sum += REGISTERS * sigma((double) registersOf[0] / REGISTERS);
    return (double) REGISTERS * REGISTERS / (2 * StrictMath.log(2) * sum);
  }

  private static double sigma(double share) {
    if (share == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = share;
    double weight = 1;
    double sum = share;
    double before;
    do {
      power *= power;
      before = sum;
      sum += power * weight;
      weight += weight;
    } while (sum != before);
    return sum;
  }

  private static double tau(double share) {
    if (share == 0 || share == 1) {
      return 0;
    }
    double root = share;
    double weight = 1;
    double sum = 1 - share;
    double before;
    do {
      root = Math.sqrt(root);
      before = sum;
      weight *= 0.5;
      sum -= (1 - root) * (1 - root) * weight;
    } while (sum != before);
    return sum / 3;
  }

  @Override
  public String toString() {
    return (isExact() ? "" : "about ") + count();
  }
}
