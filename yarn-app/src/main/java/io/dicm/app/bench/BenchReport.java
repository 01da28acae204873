package io.dicm.app.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one part of {@code bench} found. Immutable.
 *
 * @param part as the command line names it
 * @param machine that was measured
 * @param settings what was chosen, by name, in order
 * @param figures what was measured, in order
 * @param limits what figures are held against, in order
 * @param notes sentences to be read with the figures
 */
public record BenchReport(
    String part,
    Machine machine,
    Map<String, String> settings,
    List<Figure> figures,
    List<Limit> limits,
    List<String> notes) {
  public BenchReport {
    settings = new LinkedHashMap<>(settings);
    figures = List.copyOf(figures);
    limits = List.copyOf(limits);
    notes = List.copyOf(notes);
  }

  /**
   * One measured value.
   *
   * @param group what it is of, such as {@code threads_2}; those of one group go together in a
   *     table; empty: of the whole
   * @param name what it is
   * @param value finite
   * @param unit empty for a plain number
   */
  public record Figure(String group, String name, double value, String unit) {
    /** Group and name. */
    public String key() {
      return group.isEmpty() ? name : group + "." + name;
    }
  }

  /**
   * What the machine, or something that is known to be good, does in the same run.
   *
   * @param name what it is of and which limit: {@code threads_2.matrix_rate}
   * @param measured the limit
   * @param reached of it
   * @param unit of both
   */
  public record Limit(String name, double measured, double reached, String unit) {
    /** The part of the limit that was reached; above 1 where it was passed. */
    public double fraction() {
      return reached / measured;
    }
  }

  /** Collects what a report says; for one thread. */
  public static final class Builder {
    private final String part;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Figure> figures = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String group = "";

    /**
     * @param part as the command line names it
     */
    public Builder(String part) {
      this.part = part;
    }

    /** Adds what was chosen. */
    public Builder setting(String name, Object value) {
      settings.put(name, value.toString());
      return this;
    }

    /** The figures and limits that follow are of this. */
    public Builder group(String name) {
      group = name;
      return this;
    }

    /** Adds a measured value. */
    public Builder figure(String name, double value, String unit) {
      figures.add(new Figure(group, name, value, unit));
      return this;
    }

    /** Adds a limit and what was reached of it. */
    public Builder limit(String name, double measured, double reached, String unit) {
      limits.add(new Limit(group.isEmpty() ? name : group + "." + name, measured, reached, unit));
      return this;
    }

    /** Adds a sentence. */
    public Builder note(String sentence) {
      notes.add(sentence);
      return this;
    }

    /** The report. */
    public BenchReport build(Machine machine) {
      return new BenchReport(part, machine, settings, figures, limits, notes);
    }
  }
}
