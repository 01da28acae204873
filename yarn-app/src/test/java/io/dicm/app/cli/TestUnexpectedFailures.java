package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import java.io.IOException;
import java.net.ConnectException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.junit.jupiter.api.Test;

class TestUnexpectedFailures {
  @Test
  void listsOfAnApplicationAreAMatterOfSecurity() {
    DicmException known =
        UnexpectedFailures.explain(
            new YarnException("User mallory cannot perform operation MODIFY_APP on app_1\nat x"));

    assertThat(known.code().exitCode()).isEqualTo(ExitCode.SECURITY);
    assertThat(known.oneLine())
        .endsWith("YARN refused: User mallory cannot perform operation MODIFY_APP on app_1");
  }

  @Test
  void filesThatOneMayNotReadAreAMatterOfStorage() {
    assertThat(UnexpectedFailures.explain(new AccessControlException("Permission denied")).code())
        .isEqualTo(ErrorCode.STORAGE_FAILED);
  }

  @Test
  void clusterThatIsNotThereIsUnavailable() {
    assertThat(UnexpectedFailures.explain(new IOException(new ConnectException("refused"))).code())
        .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
  }
}
