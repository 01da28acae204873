package io.dicm.trainer.network;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Collects the parameters that a network's parts declare while the network is put together. */
public final class ParameterSet {
  private record Declaration(String name, long[] shape, Initial initial) {}

  private final List<Declaration> declarations = new ArrayList<>();
  private int statistics;
  private int statisticValues;

  /** Adds a parameter; the name must be new. */
  public void declare(String name, Initial initial, long... shape) {
    if (declarations.stream().anyMatch(declaration -> declaration.name().equals(name))) {
      throw new IllegalArgumentException("Parameter " + name + " was declared twice");
    }
    declarations.add(new Declaration(name, shape.clone(), initial));
  }

  /**
   * Adds a statistic of batches; the name must be new. Statistics come before all parameters: the
   * servers keep their running means, no optimiser touches them.
   */
  public void declareStatistic(String name, float initial, long... shape) {
    declare(name, new Initial.Constant(initial), shape);
    Declaration statistic = declarations.remove(declarations.size() - 1);
    declarations.add(statistics++, statistic);
    statisticValues += (int) java.util.Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** How many values of the flat vector, the first ones, are statistics. */
  public int statisticCount() {
    return statisticValues;
  }

  /** The layout of the flat vector, in the order of declaration. */
  public DenseLayout layout() {
    List<DenseLayout.Entry> entries = new ArrayList<>();
    int offset = 0;
    for (Declaration declaration : declarations) {
      DenseLayout.Entry entry =
          new DenseLayout.Entry(declaration.name(), declaration.shape(), offset);
      entries.add(entry);
      offset += entry.count();
    }
    return new DenseLayout(entries);
  }

  /** The values before the first step, flat; the same for the same seed on every machine. */
  public float[] initialValues(long seed) {
    DenseLayout layout = layout();
    float[] values = new float[layout.length()];
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < declarations.size(); i++) {
      DenseLayout.Entry entry = layout.entries().get(i);
      declarations.get(i).initial().fill(values, entry.offset(), entry.count(), random);
    }
    return values;
  }
}
