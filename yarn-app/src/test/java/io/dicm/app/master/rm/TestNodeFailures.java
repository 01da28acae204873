package io.dicm.app.master.rm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestNodeFailures {
  private static final int KILLED = 137;

  @Test
  void aNodeIsAvoidedOnceAfterSoManyFailures() {
    NodeFailures failures = new NodeFailures(2);

    assertThat(failures.ended("a", KILLED, 6)).isEmpty();
    assertThat(failures.ended("b", KILLED, 6)).isEmpty();
    assertThat(failures.ended("a", KILLED, 6)).contains("a");
    assertThat(failures.ended("a", KILLED, 6)).as("it is avoided already").isEmpty();
  }

  @Test
  void atMostAThirdOfTheClusterIsAvoided() {
    NodeFailures failures = new NodeFailures(1);

    assertThat(failures.ended("a", KILLED, 6)).contains("a");
    assertThat(failures.ended("b", KILLED, 6)).contains("b");
    assertThat(failures.ended("c", KILLED, 6)).isEmpty();
    assertThat(new NodeFailures(1).ended("a", KILLED, 2)).as("of two nodes").isEmpty();
  }

  /** Preempted, lost with its node, too large, told to stop, and failures that gave a reason. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 143, -100, -102, -104, -105, -106, -107})
  void whatIsNotTheNodesFaultDoesNotCount(int exitStatus) {
    assertThat(new NodeFailures(1).ended("a", exitStatus, 6)).isEmpty();
  }

  /** It could not be started, has bad disks, has no Java, was killed, crashed. */
  @ParameterizedTest
  @ValueSource(ints = {-1000, -101, 127, 137, 139, 134})
  void whatMayBeTheNodesFaultCounts(int exitStatus) {
    assertThat(new NodeFailures(1).ended("a", exitStatus, 6)).contains("a");
  }

  @Test
  void aNodeThatLacksSomethingIsAvoidedAtOnceUnlessItIsTheLast() {
    NodeFailures failures = new NodeFailures(3);

    assertThat(failures.lacks("a", 3)).isTrue();
    assertThat(failures.lacks("b", 3)).isTrue();
    assertThat(failures.lacks("a", 3)).as("it is avoided already").isTrue();
    assertThat(failures.lacks("c", 3)).as("no other is left").isFalse();
    assertThat(new NodeFailures(3).lacks("a", 1)).as("the only one").isFalse();
  }

  @Test
  void zeroMeansNever() {
    assertThat(new NodeFailures(0).ended("a", KILLED, 6)).isEmpty();
    assertThat(new NodeFailures(0).lacks("a", 6)).isFalse();
  }
}
