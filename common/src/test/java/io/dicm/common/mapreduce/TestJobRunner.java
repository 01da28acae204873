package io.dicm.common.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TestJobRunner {
  private final Configuration conf = new Configuration();

  @Test
  void jobHasOurJarBeforeTheClustersClassPath() throws IOException {
    conf.set(JobRunner.APPLICATION_ARCHIVE, "hdfs://nn/u/.dicm/jars/1/dicm.jar");
    conf.set("mapreduce.application.classpath", "/opt/a/*, /opt/b/*");
    conf.set(DicmKeys.YARN_QUEUE, "ads");

    Configuration job = new JobRunner(conf).newJob("extract").getConfiguration();

    assertThat(job.get("mapreduce.application.classpath"))
        .isEqualTo("$PWD/dicm,$PWD/dicm/lib/*,/opt/a/*,/opt/b/*");
    assertThat(new JobRunner(conf).newJob("extract").getCacheArchives())
        .containsExactly(URI.create("hdfs://nn/u/.dicm/jars/1/dicm.jar#dicm"));
    assertThat(job.get("mapreduce.job.queuename")).isEqualTo("ads");
    assertThat(conf.get("mapreduce.application.classpath"))
        .as("the caller's own settings")
        .isEqualTo("/opt/a/*, /opt/b/*");
  }

  @Test
  void clustersDefaultClassPathStays() throws IOException {
    conf.set(JobRunner.APPLICATION_ARCHIVE, "hdfs://nn/dicm.jar");

    assertThat(
            new JobRunner(conf)
                .newJob("x")
                .getConfiguration()
                .get("mapreduce.application.classpath"))
        .startsWith("$PWD/dicm,$PWD/dicm/lib/*,$HADOOP_MAPRED_HOME/");
  }

  @Test
  void tasksHaveTheOptionsOfNativeProcessesBesideTheUsers() throws IOException {
    conf.set("mapreduce.map.env", "A=1");
    conf.set(DicmKeys.YARN_JAVA_HOME, "/opt/jdk17");

    Configuration job = new JobRunner(conf).newJob("extract").getConfiguration();

    assertThat(job.get("mapreduce.map.env"))
        .startsWith("A=1,")
        .contains(",OMP_WAIT_POLICY=passive")
        .endsWith(",JAVA_HOME=/opt/jdk17");
    assertThat(job.get("mapreduce.admin.map.child.java.opts"))
        .contains("-Dorg.bytedeco.javacpp.cachedir=./tmp/javacpp");
    assertThat(job.get("yarn.app.mapreduce.am.env")).isEqualTo("JAVA_HOME=/opt/jdk17");
  }

  @Test
  void outsideYarnNothingIsAdded() throws IOException {
    assertThat(new JobRunner(conf).newJob("x").getCacheArchives()).isNull();
  }
}
