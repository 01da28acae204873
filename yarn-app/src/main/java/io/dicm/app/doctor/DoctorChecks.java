package io.dicm.app.doctor;

import io.dicm.app.launch.RoleRuntimes;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.client.api.YarnClient;

/** The checks that there are. */
public final class DoctorChecks {
  private DoctorChecks() {}

  /**
   * All of them for a run.
   *
   * @param yarn started
   * @param conf with the run's properties
   * @param settings of the run; its input and workspace are looked at where they are named
   * @param input where the input is, if it is known
   * @param workspace where the outputs go, if it is known
   * @param nodes the longest wait for a container on each node; nothing: nodes are not asked
   */
  public static List<Check> of(
      YarnClient yarn,
      Configuration conf,
      PipelineSettings settings,
      Optional<Path> input,
      Optional<Path> workspace,
      Optional<Duration> nodes)
      throws IOException {
    List<Path> places = new ArrayList<>();
    places.add(FileSystem.get(conf).getHomeDirectory());
    input.ifPresent(places::add);
    workspace.ifPresent(places::add);
    List<Path> archives = archives(conf);
    places.addAll(archives);
    List<Check> checks = new ArrayList<>();
    checks.add(new SettingsCheck(conf, settings));
    checks.add(new HostCheck());
    checks.add(new ClusterCheck(yarn, conf, settings));
    checks.add(GpuHostCheck.here(conf, settings));
    checks.add(new QueueCheck(yarn, conf.getTrimmed(DicmKeys.YARN_QUEUE, "")));
    checks.add(new StagingCheck(conf));
    checks.add(new SafeModeCheck(conf, places.get(0)));
    checks.add(new TokensCheck(conf, places));
    input.ifPresent(path -> checks.add(new InputCheck(conf, path)));
    workspace.ifPresent(path -> checks.add(new WorkspaceCheck(conf, path)));
    checks.add(new HiveCheck(DicmConfiguration.of(conf)));
    if (!archives.isEmpty()) {
      checks.add(new JdkArchiveCheck(conf, archives));
    }
    nodes.ifPresent(wait -> checks.add(new NodesCheck(yarn, conf, wait)));
    return checks;
  }

  /** Settings that cannot be are told by the check of the settings. */
  private static List<Path> archives(Configuration conf) {
    try {
      return RoleRuntimes.jdkArchives(conf);
    } catch (DicmException e) {
      return List.of();
    }
  }
}
