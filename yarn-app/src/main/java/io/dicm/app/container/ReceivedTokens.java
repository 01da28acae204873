package io.dicm.app.container;

import io.dicm.app.rpc.proto.HeartbeatReply;
import java.io.DataInputStream;
import java.io.IOException;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the tokens that the master sends, for the process's user. For one thread. */
public final class ReceivedTokens {
  private static final Logger LOG = LoggerFactory.getLogger(ReceivedTokens.class);

  private final UserGroupInformation user;
  private long version;

  /**
   * @param user who then has them
   */
  public ReceivedTokens(UserGroupInformation user) {
    this.user = user;
  }

  /** Of the latest tokens that were taken; 0 before the first. */
  long version() {
    return version;
  }

  /** Takes what a reply has; most have nothing. */
  void take(HeartbeatReply reply) {
    if (reply.getTokensVersion() <= version) {
      return;
    }
    Credentials credentials = new Credentials();
    try (DataInputStream in = new DataInputStream(reply.getTokens().newInput())) {
      credentials.readTokenStorageStream(in);
    } catch (IOException e) {
      // The next heartbeat asks again.
      LOG.warn("Cannot read the tokens that the master sent", e);
      return;
    }
    user.addCredentials(credentials);
    version = reply.getTokensVersion();
    LOG.info("Took {} tokens (version {})", credentials.numberOfTokens(), version);
  }
}
