package io.dicm.app.doctor;

import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapred.Master;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;

/** Whether every file system that a run touches gives a token to this user, where one is needed. */
record TokensCheck(Configuration conf, List<Path> places) implements Check {
  @Override
  public String what() {
    return "tokens";
  }

  @Override
  public List<Finding> look() throws IOException, InterruptedException {
    UserGroupInformation user = UserGroupInformation.getCurrentUser();
    if (!UserGroupInformation.isSecurityEnabled()) {
      return List.of(
          Finding.ok(
              what(),
              "none is needed, the cluster believes that you are " + user.getShortUserName()));
    }
    boolean given = System.getenv(UserGroupInformation.HADOOP_TOKEN_FILE_LOCATION) != null;
    List<Finding> findings = new ArrayList<>();
    for (FileSystem fs : fileSystems().values()) {
      findings.add(given ? ofLauncher(fs, user.getCredentials()) : fetched(fs));
    }
    return findings;
  }

  private Map<String, FileSystem> fileSystems() throws IOException {
    Map<String, FileSystem> systems = new LinkedHashMap<>();
    for (Path place : places) {
      FileSystem fs = place.getFileSystem(conf);
      systems.putIfAbsent(fs.getUri().toString(), fs);
    }
    return systems;
  }

  /** A launcher's tokens are all that a run has. */
  private Finding ofLauncher(FileSystem fs, Credentials credentials) {
    String service = fs.getCanonicalServiceName();
    boolean there =
        service == null
            || credentials.getAllTokens().stream()
                .anyMatch(token -> token.getService().toString().equals(service));
    return there
        ? Finding.ok(what(), fs.getUri() + ": the launcher gave what is needed")
        : Finding.failed(
            ErrorCode.AUTHENTICATION_FAILED,
            what(),
            fs.getUri() + ": none in the file that HADOOP_TOKEN_FILE_LOCATION names",
            "Let the launcher fetch it too: mapreduce.job.hdfs-servers.");
  }

  private Finding fetched(FileSystem fs) throws IOException, InterruptedException {
    if (fs.getCanonicalServiceName() == null) {
      return Finding.ok(what(), fs.getUri() + " needs none");
    }
    Token<?>[] tokens = fs.addDelegationTokens(Master.getMasterPrincipal(conf), new Credentials());
    int count = tokens == null ? 0 : tokens.length;
    for (int i = 0; i < count; i++) {
      tokens[i].cancel(conf);
    }
    return count > 0
        ? Finding.ok(what(), fs.getUri() + " gives one")
        : Finding.failed(
            ErrorCode.AUTHENTICATION_FAILED,
            what(),
            fs.getUri() + " gives none",
            "kinit, and look whether the name node's tokens are on.");
  }
}
