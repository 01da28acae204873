package io.dicm.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.master.launch.ContainerLauncher;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.process.ContainerRuntime;
import io.dicm.common.security.ApplicationSecret;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.DataInputByteBuffer;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;
import org.apache.hadoop.yarn.security.AMRMTokenIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a container's process is started with. */
class TestContainerLaunch {
  @TempDir java.nio.file.Path folder;

  @Test
  void commandHasMemoryAndLogs() {
    JavaCommand command =
        new JavaCommand(
            "io.dicm.Main",
            new ContainerMemory(1536, 614, 230),
            List.of("-Xint"),
            List.of("server", "0", "node1:4711"));

    assertThat(command.line())
        .startsWith("{{JAVA_HOME}}/bin/java -Xmx614m -XX:MaxDirectMemorySize=230m ")
        .contains(" -Dorg.bytedeco.javacpp.nopointergc=true ")
        .contains(" -Ddicm.log.directory=<LOG_DIR> ")
        .contains(" -Dorg.bytedeco.javacpp.cachedir={{PWD}}/tmp/javacpp ")
        .endsWith(" -Xint io.dicm.Main server 0 node1:4711 1><LOG_DIR>/stdout 2><LOG_DIR>/stderr");
  }

  /** YARN starts it so: {@code bash -c "..."}. */
  @Test
  void memberFileIsThereWhateverBecomesOfTheProgram() throws Exception {
    String command =
        MemberFile.before("server 0", "/nonexistent/java").replace("<LOG_DIR>", folder.toString());

    Process process = new ProcessBuilder("bash", "-c", command).start();

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(folder.resolve("member")).hasContent("server 0\n");
  }

  @Test
  void classPathIsOursThenTheClusters() throws IOException {
    Configuration conf = new Configuration(false);
    conf.set("yarn.application.classpath", "/opt/conf, /opt/hadoop/*");
    conf.set("mapreduce.application.classpath", "/opt/hadoop/*,/opt/mapreduce/*");

    Map<String, String> variables =
        new ContainerEnvironment(conf).variables(ContainerRuntime.of(conf), 2);

    assertThat(variables.get("CLASSPATH"))
        .isEqualTo(
            "{{PWD}}/dicm/lib/*<CPS>{{PWD}}/dicm<CPS>{{PWD}}<CPS>{{HADOOP_CONF_DIR}}<CPS>/opt/conf"
                + "<CPS>/opt/hadoop/*<CPS>/opt/mapreduce/*");
    assertThat(variables)
        .containsEntry("OMP_NUM_THREADS", "2")
        .containsEntry("OMP_WAIT_POLICY", "passive")
        .doesNotContainKey("JAVA_HOME");
  }

  /** They lie in a folder, where a setting of the process does not reach libtorch's OpenBLAS. */
  @Test
  void nativeLibrariesOfServersComputeOnTheThreadThatCalls() {
    assertThat(ContainerLauncher.nativeThreads(Role.SERVER, 4)).isOne();
    assertThat(ContainerLauncher.nativeThreads(Role.WORKER, 4)).isEqualTo(4);
  }

  @Test
  void javaHomeIsSetOnRequest() throws IOException {
    Configuration conf = new Configuration(false);
    conf.set(DicmKeys.YARN_JAVA_HOME, "/opt/jdk17");

    assertThat(new ContainerEnvironment(conf).variables(ContainerRuntime.of(conf), 1))
        .containsEntry("JAVA_HOME", "/opt/jdk17");
  }

  @Test
  void masterTokenStaysWithTheMaster() throws IOException {
    Credentials credentials = new Credentials();
    ApplicationSecret secret = ApplicationSecret.generate();
    ContainerCredentials.add(credentials, secret);
    credentials.addToken(new Text("rm"), token(AMRMTokenIdentifier.KIND_NAME));
    credentials.addToken(new Text("hdfs"), token(new Text("HDFS_DELEGATION_TOKEN")));

    Credentials read = new Credentials();
    ByteBuffer bytes =
        ContainerCredentials.serialize(ContainerCredentials.withoutMasterToken(credentials));
    DataInputByteBuffer in = new DataInputByteBuffer();
    in.reset(bytes);
    read.readTokenStorageStream(new DataInputStream(in));

    assertThat(read.getAllTokens())
        .extracting(Token::getKind)
        .containsExactly(new Text("HDFS_DELEGATION_TOKEN"));
    assertThat(read.getSecretKey(new Text(ApplicationSecret.CREDENTIALS_ALIAS)))
        .isEqualTo(secret.bytes());
    assertThat(credentials.numberOfTokens()).as("the master's own").isEqualTo(2);
  }

  @Test
  void configurationTravelsWithoutDefaults() throws IOException {
    Configuration conf = new Configuration();
    conf.set("dicm.train.epochs", "7");
    Path file = new Path(folder.resolve("application.xml").toUri());

    ContainerConfiguration.write(conf, file);

    Configuration read = new Configuration(false);
    read.addResource(file);
    assertThat(read.get("dicm.train.epochs")).isEqualTo("7");
    assertThat(read.get("io.file.buffer.size")).isNull();
    assertThat(Files.readString(folder.resolve("application.xml"), StandardCharsets.UTF_8))
        .doesNotContain("core-default.xml");
  }

  private static Token<TokenIdentifier> token(Text kind) {
    return new Token<>(new byte[] {1}, new byte[] {2}, kind, new Text(kind + "-service"));
  }
}
