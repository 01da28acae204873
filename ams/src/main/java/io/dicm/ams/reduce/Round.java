package io.dicm.ams.reduce;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** What has come of one round so far. */
final class Round {
  final long number;
  final CompletableFuture<Void> done = new CompletableFuture<>();

  private final GradientPart[] parts;
  private final RangeValues[] values;
  private int partsMissing;
  private int valuesMissing;
  private boolean begun;
  private float learningRate;
  private OptionalInt checksum;

  Round(long number, int servers) {
    this.number = number;
    this.parts = new GradientPart[servers];
    this.values = new RangeValues[servers];
    this.partsMissing = servers;
    this.valuesMissing = servers;
  }

  /** Takes part in it here. */
  void begin(float rate, OptionalInt checksumBefore) {
    begun = true;
    learningRate = rate;
    checksum = checksumBefore;
  }

  boolean isBegun() {
    return begun;
  }

  float learningRate() {
    return learningRate;
  }

  /** Of this server's replica before the round; it must have begun. */
  OptionalInt checksum() {
    return checksum;
  }

  /** Takes a server's part; false when it came before. */
  boolean add(GradientPart part) {
    if (isReduced() || parts[part.server()] != null) {
      return false;
    }
    parts[part.server()] = part;
    partsMissing--;
    return true;
  }

  /** Whether all servers' parts have come. */
  boolean isReduced() {
    return partsMissing == 0;
  }

  /** A server's part, or null when it has not come. */
  GradientPart part(int server) {
    return parts[server];
  }

  /** Frees the parts: they have been added up. */
  void dropParts() {
    Arrays.fill(parts, null);
  }

  /** Takes an owner's new values; false when they came before. */
  boolean add(RangeValues newValues) {
    if (values[newValues.server()] != null) {
      return false;
    }
    values[newValues.server()] = newValues;
    valuesMissing--;
    return true;
  }

  /** Whether all owners' values have come. */
  boolean isComplete() {
    return valuesMissing == 0;
  }

  /** An owner's values, or null when they have not come. */
  RangeValues values(int server) {
    return values[server];
  }
}
