package io.dicm.app.master.security;

import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Where new tokens come from. */
@FunctionalInterface
public interface TokenSource {
  /**
   * New tokens.
   *
   * @param goodFor how long the first of them is accepted if nobody renews it
   */
  record Fetched(Credentials credentials, Duration goodFor) {}

  /** Fetches a new token of every service that the application uses. */
  Fetched fetch() throws IOException, YarnException, InterruptedException;
}
