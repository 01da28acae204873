package io.dicm.ams.tier;

import java.util.concurrent.CompletableFuture;

/** Gets vectors from the servers that own them. Safe for use by many threads. */
@FunctionalInterface
public interface PeerSource {
  /**
   * Asks a server for vectors of its images.
   *
   * @param imageKeys in ascending unsigned order
   * @return fails when there is no answer within the window's timeout
   */
  CompletableFuture<StoredVectors> vectors(int server, long[] imageKeys);
}
