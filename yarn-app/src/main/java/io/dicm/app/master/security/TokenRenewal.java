package io.dicm.app.master.security;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches new tokens before the old ones end, on a thread of its own: a token can be renewed for a
 * week or so, and a run may take longer.
 */
public final class TokenRenewal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenRenewal.class);

  /** The rest is for a Kerberos server or a name node that does not answer at once. */
  private static final double SHARE_OF_LIFE = 0.6;

  private static final int TRIES_IN_THE_REST = 8;
  private static final long LEAST_PAUSE_MS = 1000;

  private final TokenSource source;
  private final ApplicationTokens tokens;
  private final ScheduledExecutorService thread;
  private Duration goodFor;

  private TokenRenewal(TokenSource source, ApplicationTokens tokens) {
    this.source = source;
    this.tokens = tokens;
    this.thread = Executors.newSingleThreadScheduledExecutor(TokenRenewal::thread);
  }

  /**
   * Fetches the first new tokens at once, so that a keytab that does not work is found now and not
   * in a week, and goes on until it is closed.
   *
   * @throws IOException when the first ones cannot be fetched
   */
  public static TokenRenewal start(TokenSource source, ApplicationTokens tokens)
      throws IOException, YarnException, InterruptedException {
    TokenRenewal renewal = new TokenRenewal(source, tokens);
    try {
      renewal.fetch();
    } catch (IOException | YarnException | InterruptedException | RuntimeException e) {
      renewal.close();
      throw e;
    }
    renewal.next((long) (SHARE_OF_LIFE * renewal.goodFor.toMillis()));
    return renewal;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void fetch() throws IOException, YarnException, InterruptedException {
    TokenSource.Fetched fetched = source.fetch();
    tokens.renew(fetched.credentials());
    goodFor = fetched.goodFor();
    LOG.info(
        "{} new tokens, good for {} s",
        fetched.credentials().numberOfTokens(),
        goodFor.toSeconds());
  }

  private void next(long inMs) {
    if (!thread.isShutdown()) {
      // Nobody waits for it: what fails in it is logged there.
      Future<?> unused =
          thread.schedule(this::renew, Math.max(LEAST_PAUSE_MS, inMs), TimeUnit.MILLISECONDS);
    }
  }

  private void renew() {
    double share = SHARE_OF_LIFE;
    try {
      fetch();
    } catch (IOException | YarnException | RuntimeException e) {
      LOG.warn("Cannot fetch new tokens yet; the old ones are still good for a while", e);
      share = (1 - SHARE_OF_LIFE) / TRIES_IN_THE_REST;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    next((long) (share * goodFor.toMillis()));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "dicm-token-renewal");
    thread.setDaemon(true);
    return thread;
  }
}
