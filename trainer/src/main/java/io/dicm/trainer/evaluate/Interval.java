package io.dicm.trainer.evaluate;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A 95 % percentile interval of a bootstrap over users; in JSON {@code [low, high]}.
 *
 * @param low its lower end
 * @param high its upper end, not below the lower one
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"low", "high"})
public record Interval(double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException("Interval was " + low + " to " + high);
    }
  }

  /** Whether a value lies in it, its ends included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }

  /** Whether 0 lies outside: a difference with such an interval is hardly chance. */
  @JsonIgnore
  public boolean excludesZero() {
    return !contains(0);
  }
}
