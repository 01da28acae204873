package io.dicm.trainer.schema;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.stream.Collectors;

/** How the values of a number feature become IDs. Immutable. In JSON the fields tell the kind. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
  @JsonSubTypes.Type(NumberBuckets.Bounds.class),
  @JsonSubTypes.Type(NumberBuckets.Log.class)
})
public sealed interface NumberBuckets {
  /**
   * The bucket of a finite number.
   *
   * @param value neither infinite nor NaN
   */
  int of(double value);

  /** Tells buckets from others that are not the same; part of the schema's digest. */
  String text();

  /**
   * Buckets between explicit bounds: a number's bucket is the count of bounds that are not greater
   * than it, 0 to the number of bounds.
   *
   * @param bounds finite and ascending, at least one
   */
  record Bounds(List<Double> bounds) implements NumberBuckets {
    public Bounds {
      bounds = List.copyOf(bounds);
    }

    @Override
    public int of(double value) {
      int low = 0;
      int high = bounds.size();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (bounds.get(middle) <= value) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    @Override
    public String text() {
      return bounds.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
  }

  /**
   * Buckets that grow with the number: sign(x) times the whole part of log(1 + |x|) to the base. 0
   * has bucket 0, as has every number nearer to it than base - 1.
   *
   * @param base 1.1 to 1000
   */
  record Log(double base) implements NumberBuckets {
    /** Least base: up to 7,500 buckets on each side of 0. */
    static final double LEAST_BASE = 1.1;

    /** Greatest base. */
    static final double GREATEST_BASE = 1000;

    @Override
    public int of(double value) {
      double size = 1 + Math.abs(value);
      int bucket = 0;
      // Powers by multiplication: the logarithms' quotient is below 3 for 1000 to the base 10.
      for (double power = base; power <= size; power *= base) {
        bucket++;
      }
      return value < 0 ? -bucket : bucket;
    }

    @Override
    public String text() {
      return "log " + base;
    }
  }
}
