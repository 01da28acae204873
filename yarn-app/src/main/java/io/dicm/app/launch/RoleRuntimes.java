package io.dicm.app.launch;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.process.ContainerRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What the processes of an application run in, over all roles. */
public final class RoleRuntimes {
  private RoleRuntimes() {}

  /**
   * The archives of Java that any of them needs, each once.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a runtime that cannot be
   */
  public static List<Path> jdkArchives(Configuration conf) {
    List<ContainerRuntime> runtimes = new ArrayList<>();
    runtimes.add(ContainerRuntime.of(conf));
    runtimes.add(ContainerRuntime.of(conf, MemberFile.MASTER));
    for (Role role : Role.values()) {
      runtimes.add(ContainerRuntime.of(conf, role.label()));
    }
    return runtimes.stream()
        .map(ContainerRuntime::jdkArchive)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }
}
