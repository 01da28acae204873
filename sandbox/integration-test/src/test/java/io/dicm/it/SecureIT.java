package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.common.error.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * HDFS and YARN with Kerberos. Delegation tokens are good for less time than a run takes and cannot
 * be renewed for longer: a run that ends well has fetched new ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecureIT {
  private static final Duration COMMAND_LIMIT = Duration.ofMinutes(3);
  private static final Duration PIPELINE_LIMIT = Duration.ofMinutes(8);
  private static final int TOKEN_LIFE_SECONDS = 75;
  private static final String REALM = "@DICM.SANDBOX";

  private static final String OWNER = "alice";

  private static final String INPUT = "/user/" + OWNER + "/input";
  private static final String WORKSPACE = "/user/" + OWNER + "/workspace";

  private static final String[] RENEWAL = {
    "-D", "dicm.security.renew-by-keytab=true", "-D", "dicm.security.tls=true"
  };

  private final Path directory = Path.of("target", "sandbox-secure").toAbsolutePath();
  private final SandboxUnderTest sandbox =
      SandboxUnderTest.withSmallJobs(Path.of(System.getProperty("dicm.home")), directory);

  @BeforeAll
  void startSandbox() throws Exception {
    sandbox.start(
        "--kerberos",
        "--token-renewal-s",
        "" + TOKEN_LIFE_SECONDS,
        "--token-lifetime-s",
        "" + TOKEN_LIFE_SECONDS);
    CommandResult imported =
        as(OWNER, "import", "generated", "--to", INPUT)
            .and("--items", "24", "--users", "80", "--impressions", "3000", "--seed", "5")
            .await(COMMAND_LIMIT);
    assertThat(imported.exitStatus()).as(imported.errors()).isZero();
  }

  @AfterAll
  void stopSandbox() throws Exception {
    sandbox.close();
    assertThat(sandbox.processes()).isEmpty();
  }

  /** The servers' checkpoints are new files all the time, for which they need tokens. */
  @Test
  @Order(1)
  void trainingOutlivesItsTokensByTheKeytab() throws Exception {
    CommandProcess run =
        as(OWNER, "pipeline", pipelineFile())
            .and(RENEWAL)
            .and("-D", "dicm.train.epochs=10000", "-D", "dicm.train.batch-size=64")
            .and("-D", "dicm.train.checkpoint-steps=20", "-D", "dicm.run.id=endless")
            .and("-D", "dicm.train.max-restarts=0")
            // As an application of its own; those of the whole run are in the master.
            .and("-D", "dicm.mapreduce.local-input-mb=0")
            .start();
    String application = awaitSubmission(run);
    long submittedNanos = System.nanoTime();
    await()
        .atMost(PIPELINE_LIMIT)
        .until(
            () ->
                !run.isAlive()
                    || (run.errors().contains(" loss ")
                        && System.nanoTime() - submittedNanos
                            > TimeUnit.SECONDS.toNanos(2L * TOKEN_LIFE_SECONDS)));
    String said = run.errors();
    assertThat(run.isAlive()).as(said).isTrue();
    // The next line of progress comes from a training that still goes on.
    await().atMost(COMMAND_LIMIT).until(() -> run.errors().length() > said.length());
    CommandResult status =
        as(OWNER, "status", application, "--output", "properties").await(COMMAND_LIMIT);
    CommandResult ended = as(OWNER, "kill", application).await(COMMAND_LIMIT);
    CommandResult result = run.await(COMMAND_LIMIT);

    assertThat(status.output()).contains("RUNNING");
    assertThat(ended.exitStatus()).as(ended.errors()).isZero();
    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(ExitCode.KILLED.status());
    assertThat(result.errors()).doesNotContain("restarted", "starting again");
    await().atMost(Duration.ofMinutes(1)).until(() -> sandbox.containers().isEmpty());
  }

  /** On the vectors and samples of the run before. */
  @Test
  @Order(2)
  void wholeRunEndsWell() throws Exception {
    CommandResult result =
        as(OWNER, "pipeline", pipelineFile())
            .and(RENEWAL)
            .and("--output", "properties")
            .await(PIPELINE_LIMIT);

    assertThat(result.exitStatus()).as(result.errors()).isZero();
    assertThat(result.properties()).containsKeys("auc", "gauc");
  }

  @Test
  @Order(3)
  void strangerSeesAndEndsNothing() throws Exception {
    CommandProcess run =
        as(OWNER, "pipeline", pipelineFile())
            .and(RENEWAL)
            .and("-D", "dicm.train.epochs=1000", "-D", "dicm.run.id=long")
            .start();
    String application = awaitSubmission(run);

    CommandResult killed = as("mallory", "kill", application).await(COMMAND_LIMIT);
    CommandResult logs = as("mallory", "logs", application).await(COMMAND_LIMIT);
    CommandResult read = as("mallory", "history", "--workspace", WORKSPACE).await(COMMAND_LIMIT);
    CommandResult written = as("mallory", "pipeline", mallorysPipelineFile()).await(COMMAND_LIMIT);

    assertRefused(killed, ExitCode.SECURITY);
    assertThat(logs.exitStatus()).as(logs.errors()).isNotZero();
    assertThat(logs.output()).doesNotContain("io.dicm");
    assertThat(read.exitStatus()).as(read.errors()).isNotZero();
    assertThat(read.errors()).contains("Permission denied: user=mallory");
    assertThat(written.exitStatus()).as(written.errors()).isNotZero();
    assertThat(written.errors())
        .contains("Permission denied: user=mallory")
        .doesNotContain("Submitted", "\tat ");

    CommandResult ended = as(OWNER, "kill", application).await(COMMAND_LIMIT);
    assertThat(ended.exitStatus()).as(ended.errors()).isZero();
    run.await(COMMAND_LIMIT);
    await().atMost(Duration.ofMinutes(1)).until(() -> sandbox.containers().isEmpty());
  }

  @Test
  @Order(4)
  void withoutTicketOneSentenceSaysSo() throws Exception {
    CommandResult result =
        new Command(
                List.of("pipeline", pipelineFile()),
                "dicm.security.principal=",
                "dicm.security.keytab=")
            .await(COMMAND_LIMIT);

    assertRefused(result, ExitCode.SECURITY);
    assertThat(result.errors()).contains("AUTHENTICATION_FAILED", "kinit");
  }

  @Test
  @Order(4)
  void keytabOfAnotherIsOneSentence() throws Exception {
    CommandResult result =
        new Command(
                List.of("list"),
                "dicm.security.principal=bob" + REALM,
                "dicm.security.keytab=" + keytab(OWNER))
            .await(COMMAND_LIMIT);

    assertRefused(result, ExitCode.SECURITY);
    assertThat(result.errors()).contains("AUTHENTICATION_FAILED", "bob" + REALM);
  }

  @Test
  @Order(4)
  void doctorFindsTokensOfEveryFileSystem() throws Exception {
    CommandResult result = as(OWNER, "doctor", pipelineFile()).await(COMMAND_LIMIT);

    assertThat(result.output()).containsPattern("tokens.*gives one");
  }

  private static void assertRefused(CommandResult result, ExitCode code) {
    assertThat(result.exitStatus()).as(result.errors()).isEqualTo(code.status());
    assertThat(result.errors()).doesNotContain("\tat ");
  }

  /** The application that a command has submitted. */
  private static String awaitSubmission(CommandProcess run) throws IOException {
    String submitted = "(?s).*Submitted (application_\\d+_\\d+).*";
    await().atMost(COMMAND_LIMIT).until(() -> run.errors().matches(submitted) || !run.isAlive());
    assertThat(run.errors()).matches(submitted);
    return run.errors().replaceAll(submitted, "$1");
  }

  private Command as(String user, String... arguments) {
    return new Command(
        List.of(arguments),
        "dicm.security.principal=" + user + REALM,
        "dicm.security.keytab=" + keytab(user));
  }

  private Path keytab(String user) {
    return directory.resolve("security").resolve(user + ".keytab");
  }

  private String pipelineFile() throws IOException {
    return pipelineFile(WORKSPACE);
  }

  /** Into what is the owner's. */
  private String mallorysPipelineFile() throws IOException {
    return pipelineFile(WORKSPACE + "/mallory");
  }

  private static String pipelineFile(String workspace) throws IOException {
    Path file = Files.createTempFile(Path.of("target"), "secure", ".json").toAbsolutePath();
    Files.writeString(
        file,
        """
        {"input": "%s", "workspace": "%s", "date": "2026-01-31", "run": "first",
         "stages": ["extract", "samples", "train", "predict", "evaluate", "publish"],
         "properties": {"dicm.train.epochs": "1", "dicm.samples.split": "last-days:2"}}
        """
            .formatted(INPUT, workspace),
        StandardCharsets.UTF_8);
    return file.toString();
  }

  /** A command of dicm.jar with properties that say who runs it. */
  private final class Command {
    private final List<String> arguments;

    Command(List<String> arguments, String... properties) {
      this.arguments = new ArrayList<>(arguments);
      for (String property : properties) {
        this.arguments.addAll(List.of("-D", property));
      }
    }

    Command and(String... more) {
      arguments.addAll(List.of(more));
      return this;
    }

    CommandProcess start() throws IOException {
      return sandbox.startDicm(
          Map.of(
              "JDK_JAVA_OPTIONS",
              "-Djava.security.krb5.conf=" + directory.resolve("security/krb5.conf")),
          arguments);
    }

    CommandResult await(Duration limit) throws IOException, InterruptedException {
      return start().await(limit);
    }
  }
}
