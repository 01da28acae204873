package io.dicm.app.master.security;

import io.dicm.app.launch.DelegationTokens;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.hive.JdbcHiveSessions;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.security.PrivilegedExceptionAction;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.delegation.AbstractDelegationTokenIdentifier;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Tokens by a login with a keytab. For one thread. */
public final class KeytabTokens implements TokenSource {
  private final Configuration conf;
  private final String principal;
  private final String keytab;
  private final List<Path> paths;

  /**
   * @param principal whose keys are in the keytab
   * @param keytab local file
   * @param paths one or more of each file system in use
   */
  public KeytabTokens(Configuration conf, String principal, String keytab, List<Path> paths) {
    this.conf = conf;
    this.principal = principal;
    this.keytab = keytab;
    this.paths = List.copyOf(paths);
  }

  @Override
  public Fetched fetch() throws IOException, YarnException, InterruptedException {
    UserGroupInformation user =
        UserGroupInformation.loginUserFromKeytabAndReturnUGI(principal, keytab);
    try {
      return user.doAs((PrivilegedExceptionAction<Fetched>) () -> fetchAs(user));
    } catch (UndeclaredThrowableException e) {
      // So the login's action throws what it does not declare.
      if (e.getCause() instanceof YarnException refusal) {
        throw refusal;
      }
      throw e;
    } finally {
      FileSystem.closeAllForUGI(user);
      user.logoutUserFromKeytab();
    }
  }

  private Fetched fetchAs(UserGroupInformation user)
      throws IOException, YarnException, InterruptedException {
    Credentials credentials = new Credentials();
    YarnClient yarn = YarnClient.createYarnClient();
    yarn.init(conf);
    yarn.start();
    try {
      new DelegationTokens(conf, yarn).addTo(credentials, paths);
      if (!conf.get(DicmKeys.HIVE_JDBC_URL, "").isEmpty()) {
        JdbcHiveSessions.of(DicmConfiguration.of(conf)).fetchToken(credentials);
      }
    } finally {
      yarn.stop();
    }
    return new Fetched(credentials, goodFor(user));
  }

  /**
   * Only who may renew a token learns how long it is good, and of the others that is the resource
   * manager: so one more token is fetched, renewed and given back.
   */
  private Duration goodFor(UserGroupInformation user) throws IOException, InterruptedException {
    Credentials own = new Credentials();
    FileSystem fs = paths.get(0).getFileSystem(conf);
    fs.addDelegationTokens(user.getUserName(), own);
    Duration shortest = Duration.ofDays(1);
    for (Token<?> token : own.getAllTokens()) {
      if (token.decodeIdentifier() instanceof AbstractDelegationTokenIdentifier identifier) {
        Duration good = Duration.ofMillis(token.renew(conf) - identifier.getIssueDate());
        shortest = good.compareTo(shortest) < 0 ? good : shortest;
        token.cancel(conf);
      }
    }
    return shortest;
  }
}
