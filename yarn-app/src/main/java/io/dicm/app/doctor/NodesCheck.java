package io.dicm.app.doctor;

import io.dicm.app.plan.ClusterSize;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * Java, the C library and the clock of every node, as a container there finds them: a short YARN
 * application of this process starts one small container on each.
 *
 * @param longestWait the longest wait for the containers; a full node answers nothing
 */
record NodesCheck(YarnClient yarn, Configuration conf, Duration longestWait) implements Check {
  /** YARN takes a second or two to tell of an end; tokens live for hours. */
  private static final long MOST_SKEW_SECONDS = 60;

  /** To submit, and to end the application. */
  private static final Duration BESIDES = Duration.ofSeconds(20);

  @Override
  public String what() {
    return "nodes";
  }

  @Override
  public Duration limit() {
    return longestWait.plus(BESIDES);
  }

  @Override
  public List<Finding> look() throws IOException, YarnException, InterruptedException {
    ClusterSize.learnResourceTypes(yarn);
    Map<String, Optional<String>> answers;
    try (NodeProbe probe = NodeProbe.submit(yarn, conf, longestWait)) {
      answers = probe.ask();
    }
    List<Finding> findings = new ArrayList<>();
    answers.forEach((node, answer) -> findings.add(finding("node " + node, answer)));
    if (findings.isEmpty()) {
      findings.add(
          Finding.failed(ErrorCode.NO_RESOURCES, what(), "no node runs", "Start a NodeManager."));
    }
    return findings;
  }

  private Finding finding(String node, Optional<String> answer) {
    if (answer.isEmpty()) {
      return Finding.warning(
          node,
          "gave no container within " + longestWait.toSeconds() + " s",
          "It may be full; look again later.");
    }
    return HostFacts.parse(answer.get())
        .map(facts -> finding(node, facts, System.currentTimeMillis() / 1000))
        .orElseGet(
            () ->
                Finding.failed(
                    ErrorCode.CONTAINER_FAILED,
                    node,
                    "a container did not say what it found: " + answer.get(),
                    "Look into the node's log."));
  }

  /** Of a node that has answered. */
  static Finding finding(String node, HostFacts facts, long nowSeconds) {
    List<String> wrong = facts.shortcomings();
    if (!wrong.isEmpty()) {
      return Finding.failed(
          ErrorCode.NATIVE_LIBRARY_UNAVAILABLE,
          node,
          facts.words() + ": " + String.join(", ", wrong),
          "Install it there, set dicm.yarn.java-home or dicm.yarn.jdk-archive, or keep the queue off this node by labels.");
    }
    long skew = Math.abs(nowSeconds - facts.epochSeconds());
    return skew > MOST_SKEW_SECONDS
        ? Finding.warning(
            node,
            facts.words() + ", its clock differs by about " + skew + " s from this host's",
            "Synchronise the clocks (chrony, ntp).")
        : Finding.ok(node, facts.words());
  }
}
