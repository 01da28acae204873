package io.dicm.app.doctor;

import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Whether the archives of Java are where the configuration says; a container on each node ({@code
 * --nodes}) tries the general one.
 */
record JdkArchiveCheck(Configuration conf, List<Path> archives) implements Check {
  JdkArchiveCheck {
    archives = List.copyOf(archives);
  }

  @Override
  public String what() {
    return "Java archive";
  }

  @Override
  public List<Finding> look() throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (Path archive : archives) {
      findings.add(
          archive.getFileSystem(conf).exists(archive)
              ? Finding.ok(what(), archive + " is there")
              : Finding.failed(
                  ErrorCode.INPUT_MISSING,
                  what(),
                  archive + " is not there",
                  "Upload a Java 17 there, or set dicm.yarn.jdk-archive to where one is."));
    }
    return findings;
  }
}
