package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Memory of the containers of one role, asked for and used.
 *
 * @param role such as {@code server} or {@code extract map}
 * @param requestedMb of each container
 * @param peakMb the most that one of them had resident
 */
public record RoleMemory(
    String role,
    @JsonProperty("memory_mb") int requestedMb,
    @JsonProperty("max_rss_mb") int peakMb) {
  /** With the peak in bytes, rounded up. */
  public static RoleMemory of(String role, int requestedMb, long peakBytes) {
    return new RoleMemory(role, requestedMb, Math.toIntExact((peakBytes + (1 << 20) - 1) >> 20));
  }
}
