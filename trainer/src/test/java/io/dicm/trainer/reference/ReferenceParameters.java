package io.dicm.trainer.reference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Parameters by name, in double precision, and the gradient of each one that a step has touched.
 * For one thread.
 */
final class ReferenceParameters {
  private final Map<String, double[]> values = new LinkedHashMap<>();
  private final Map<String, double[]> gradients = new LinkedHashMap<>();

  /** Adds a parameter. */
  void put(String name, double[] initial) {
    values.put(name, initial);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The values; may be changed in place. */
  double[] value(String name) {
    double[] found = values.get(name);
    if (found == null) {
      throw new IllegalArgumentException("No parameter is called " + name);
    }
    return found;
  }

  /** All parameters by name. */
  Map<String, double[]> values() {
    return values;
  }

  /** Says that the step uses a parameter, whatever its gradient comes to. */
  void touch(String name) {
    gradients.computeIfAbsent(name, any -> new double[value(name).length]);
  }

  /** The step's gradient, to be added to; zeros at first. */
  double[] gradient(String name) {
    touch(name);
    return gradients.get(name);
  }

  /** The parameters that the step has touched. */
  Set<String> touched() {
    return gradients.keySet();
  }

  /** Begins the next step. */
  void clearGradients() {
    gradients.clear();
  }
}
