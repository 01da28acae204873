package io.dicm.trainer.ablation;

import java.util.Map;

/**
 * One way to train, or to score without a model.
 *
 * @param name in names of runs: lower case letters and '-'
 * @param title for people
 * @param kind what it is there for
 * @param settings configuration keys and values that make it what it is
 * @param start what its training begins with
 */
public record Variant(
    String name, String title, RowKind kind, Map<String, String> settings, Start start) {
  /** What a training begins with. */
  public enum Start {
    /** Initial values. */
    INITIAL,
    /** All but ID embeddings of another day's model. */
    PARTIAL,
    /** All of another day's model. */
    FULL
  }

  public Variant {
    settings = Map.copyOf(settings);
  }

  /** Whether it is trained, once for each seed. */
  public boolean isTrained() {
    return kind != RowKind.NO_MODEL;
  }

  /** Whether its training begins with another day's model. */
  public boolean isWarm() {
    return start != Start.INITIAL;
  }
}
