package io.dicm.common.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class TestContainerRuntime {
  private final Configuration conf = new Configuration(false);

  @Test
  void nodesOwnJavaNeedsNothing() {
    ContainerRuntime runtime = ContainerRuntime.of(conf, "server");

    assertThat(runtime.jdkArchive()).isEmpty();
    assertThat(runtime.variables()).isEmpty();
  }

  @Test
  void archiveIsUnpackedIntoTheWorkingFolder() {
    conf.set("dicm.yarn.jdk-archive", "hdfs://n/apps/jdk-17.tar.gz");

    assertThat(ContainerRuntime.of(conf).variables()).containsEntry("JAVA_HOME", "{{PWD}}/jdk");

    conf.set("dicm.yarn.java-home", "jdk-17.0.13+11");
    ContainerRuntime runtime = ContainerRuntime.of(conf);

    assertThat(runtime.jdkArchive()).contains(new Path("hdfs://n/apps/jdk-17.tar.gz"));
    assertThat(runtime.variables()).containsEntry("JAVA_HOME", "{{PWD}}/jdk/jdk-17.0.13+11");
  }

  @Test
  void rolesHaveTheirOwn() {
    conf.set("dicm.yarn.jdk-archive", "/apps/jdk-17.tgz");
    conf.set("dicm.yarn.worker.java-home", "/opt/jdk21");
    conf.set("dicm.yarn.docker-image", "registry:5000/dicm:1");
    conf.set("dicm.yarn.docker-mounts", "/etc/passwd:/etc/passwd:ro, /data:/data:rw");
    conf.set("dicm.yarn.server.docker-image", "dicm-server");

    assertThat(ContainerRuntime.of(conf, "worker").jdkArchive()).isEmpty();
    assertThat(ContainerRuntime.of(conf, "worker").variables())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "JAVA_HOME", "/opt/jdk21",
                "YARN_CONTAINER_RUNTIME_TYPE", "docker",
                "YARN_CONTAINER_RUNTIME_DOCKER_IMAGE", "registry:5000/dicm:1",
                "YARN_CONTAINER_RUNTIME_DOCKER_MOUNTS",
                    "/etc/passwd:/etc/passwd:ro,/data:/data:rw"));
    assertThat(ContainerRuntime.of(conf, "server").variables())
        .containsEntry("JAVA_HOME", "{{PWD}}/jdk")
        .containsEntry("YARN_CONTAINER_RUNTIME_DOCKER_IMAGE", "dicm-server");
  }

  @Test
  void folderOfTheNodeAndArchiveTogetherAreRefused() {
    conf.set("dicm.yarn.worker.jdk-archive", "/apps/jdk-17.tar.gz");
    conf.set("dicm.yarn.worker.java-home", "/opt/jdk17");

    assertThatThrownBy(() -> ContainerRuntime.of(conf, "worker"))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("dicm.yarn.worker.java-home was '/opt/jdk17'")
        .hasMessageContaining("dicm.yarn.worker.jdk-archive=/apps/jdk-17.tar.gz");
  }

  @Test
  void whatYarnCannotUseIsRefused() {
    assertRefused("dicm.yarn.jdk-archive", "/apps/jdk-17.rpm", "/apps/jdk-17.rpm");
    assertRefused("dicm.yarn.docker-image", "two words", "two words");
    assertRefused("dicm.yarn.docker-mounts", "/a:/b:ro,/c", "/c");
  }

  private static void assertRefused(String key, String value, String named) {
    Configuration conf = new Configuration(false);
    conf.set(key, value);
    assertThatThrownBy(() -> ContainerRuntime.of(conf))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith(key + " was '" + named + "': ");
  }
}
