package io.dicm.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TestDoctor {
  private record Given(String what, Duration limit, Callable<List<Finding>> answer)
      implements Check {
    @Override
    public List<Finding> look() throws Exception {
      return answer.call();
    }
  }

  private static Check check(String what, Callable<List<Finding>> answer) {
    return new Given(what, Duration.ofMinutes(1), answer);
  }

  @Test
  void failuresOfOneStopNoOther() throws InterruptedException {
    List<Finding> findings =
        new Doctor(
                List.of(
                    check(
                        "queue",
                        () -> {
                          throw new DicmException(ErrorCode.CONFIGURATION_INVALID, "Wrong queue.");
                        }),
                    check(
                        "files",
                        () -> {
                          throw new IOException("refused; For more details see:  http://a\n\tat b");
                        }),
                    check(
                        "library",
                        () -> {
                          throw new NoClassDefFoundError("org/Gone");
                        }),
                    check("Hive", () -> List.of(Finding.ok("Hive", "answers")))))
            .examine();

    assertThat(findings)
        .containsExactly(
            Finding.failed(ErrorCode.CONFIGURATION_INVALID, "queue", "Wrong queue.", ""),
            Finding.failed(
                ErrorCode.SERVICE_UNAVAILABLE,
                "files",
                "refused",
                "Look whether the service runs, and whether HADOOP_CONF_DIR is the right one."),
            Finding.failed(ErrorCode.SERVICE_UNAVAILABLE, "library", "org/Gone", ""),
            Finding.ok("Hive", "answers"));
  }

  @Test
  @Timeout(30)
  void whatNeverAnswersIsGivenUpAndInterrupted() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    Check silent =
        new Given(
            "Hive",
            Duration.ofMillis(200),
            () -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return List.of();
            });

    List<Finding> findings =
        new Doctor(List.of(silent, check("queue", () -> List.of(Finding.ok("queue", "runs")))))
            .examine();

    assertThat(findings).extracting(Finding::level).containsExactly(Level.FAILED, Level.OK);
    assertThat(findings.get(0).value()).startsWith("no answer within");
    interrupted.await();
  }
}
