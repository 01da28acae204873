package io.dicm.app.master.security;

import io.dicm.app.launch.ContainerCredentials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * What the processes of an application have for credentials, without the master's own token: what
 * the client gave, and from then on the latest of each token. Safe for use by many threads.
 */
public final class ApplicationTokens {
  /** Containers are started with these: they are not sent. */
  private static final long FIRST_VERSION = 0;

  private final Credentials all;
  private final List<UserGroupInformation> users = new ArrayList<>();
  private ByteBuffer serialized;
  private long version = FIRST_VERSION;

  /**
   * @param credentials of the master's process
   */
  public ApplicationTokens(Credentials credentials) throws IOException {
    this.all = ContainerCredentials.withoutMasterToken(credentials);
    this.serialized = ContainerCredentials.serialize(all);
  }

  /** Credentials and how many times they have been changed before. */
  public record Snapshot(ByteBuffer serialized, long version) {}

  /** From now on this user of the process has all of them. */
  public synchronized void give(UserGroupInformation user) {
    user.addCredentials(all);
    users.add(user);
  }

  /** Takes new tokens in the place of those for the same services. */
  public synchronized void renew(Credentials fresh) throws IOException {
    all.addAll(ContainerCredentials.withoutMasterToken(fresh));
    serialized = ContainerCredentials.serialize(all);
    version++;
    users.forEach(user -> user.addCredentials(all));
  }

  /** The latest. */
  public synchronized Snapshot latest() {
    return new Snapshot(serialized.duplicate(), version);
  }
}
