package io.dicm.trainer.vocabulary;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Quantiles of numbers to 1 % of their size, in a count for each power of 1.02, at most some 75,000
 * for all of double. Numbers nearer to 0 than 1e-9 are 0. Not safe for use by many threads.
 *
 * <p>The idea of C. Masson, J. Rim and H. Lee, "DDSketch" (VLDB 2019).
 */
final class NumberQuantiles {
  private static final double RATIO = 1.02;
  private static final double SMALLEST = 1e-9;
  private static final double LOG_RATIO = StrictMath.log(RATIO);

  /** Counts by sign and power; the order of keys is that of numbers. */
  private final TreeMap<Integer, Long> counts = new TreeMap<>();

  private long total;
  private double least = Double.POSITIVE_INFINITY;
  private double greatest = Double.NEGATIVE_INFINITY;

  /** Adds a finite number. */
  void add(double value) {
    counts.merge(cell(value), 1L, Long::sum);
    total++;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }

  void merge(NumberQuantiles other) {
    other.counts.forEach((cell, count) -> counts.merge(cell, count, Long::sum));
    total += other.total;
    least = Math.min(least, other.least);
    greatest = Math.max(greatest, other.greatest);
  }

  /**
   * The numbers that parts of 1/{@code parts} of all are below, with least and greatest: parts + 1
   * numbers, none without numbers.
   */
  List<Double> quantiles(int parts) {
    List<Double> quantiles = new ArrayList<>();
    for (int part = 0; total > 0 && part <= parts; part++) {
      quantiles.add(quantile((double) part / parts));
    }
    return quantiles;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(total);
    out.writeDouble(least);
    out.writeDouble(greatest);
    out.writeInt(counts.size());
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      out.writeInt(entry.getKey());
      out.writeLong(entry.getValue());
    }
  }

  static NumberQuantiles read(DataInput in) throws IOException {
    NumberQuantiles numbers = new NumberQuantiles();
    numbers.total = in.readLong();
    numbers.least = in.readDouble();
    numbers.greatest = in.readDouble();
    for (int left = in.readInt(); left > 0; left--) {
      numbers.counts.put(in.readInt(), in.readLong());
    }
    return numbers;
  }

  private double quantile(double share) {
    if (share == 0) {
      return least;
    }
    long needed = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (Map.Entry<Integer, Long> entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen >= needed) {
        return share == 1 ? greatest : Math.max(least, Math.min(greatest, middle(entry.getKey())));
      }
    }
    return greatest;
  }

  private static int cell(double value) {
    double size = Math.abs(value);
    if (size < SMALLEST) {
      return 0;
    }
    int power = 1 + (int) Math.floor(StrictMath.log(size / SMALLEST) / LOG_RATIO);
    return value < 0 ? -power : power;
  }

  private static double middle(int cell) {
    if (cell == 0) {
      return 0;
    }
    double size = SMALLEST * StrictMath.exp((Math.abs(cell) - 0.5) * LOG_RATIO);
    return cell < 0 ? -size : size;
  }
}
