package io.dicm.app.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.launch.ContainerCredentials;
import io.dicm.app.master.membership.MasterServer;
import io.dicm.app.master.membership.MasterService;
import io.dicm.app.master.security.ApplicationTokens;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationCertificate;
import io.dicm.common.security.ApplicationSecret;
import org.apache.hadoop.security.Credentials;
import org.junit.jupiter.api.Test;

class TestContainerIdentity {
  private final ApplicationSecret secret = ApplicationSecret.generate();

  private Credentials credentials() {
    Credentials credentials = new Credentials();
    ContainerCredentials.add(credentials, secret);
    return credentials;
  }

  @Test
  void aProcessWithoutTheSecretIsNoneOfOurs() {
    assertThatThrownBy(() -> ContainerIdentity.of(new Credentials()))
        .hasMessage(
            "Cannot talk to the application: its secret is not among this process's credentials.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
    assertThat(ContainerIdentity.of(credentials()).secret().bytes()).isEqualTo(secret.bytes());
  }

  /** Over TLS the master refuses what is said without the certificate, the right secret or not. */
  @Test
  void theMasterTalksToItsOwnAlone() throws Exception {
    Credentials encrypted = credentials();
    ContainerCredentials.add(encrypted, ApplicationCertificate.generate());
    ContainerIdentity identity = ContainerIdentity.of(encrypted);
    try (MasterServer master =
        new MasterServer(
            "localhost", new MasterService(new ApplicationTokens(new Credentials())), identity)) {
      String address = "localhost:" + master.port();
      // No gang runs: it is told so, which only a connected container can be.
      try (MasterLink own = new MasterLink(address, identity)) {
        assertThatThrownBy(() -> own.register("container_1"))
            .hasMessageContaining("container_1 is not expected here");
      }
      Credentials other = credentials();
      ContainerCredentials.add(other, ApplicationCertificate.generate());
      try (MasterLink stranger = new MasterLink(address, ContainerIdentity.of(other))) {
        assertThatThrownBy(() -> stranger.heartbeat(new MemberStatus("container_1").heartbeat()))
            .hasMessageContaining("UNAVAILABLE");
      }
      try (MasterLink plain = new MasterLink(address, ContainerIdentity.of(credentials()))) {
        assertThatThrownBy(() -> plain.heartbeat(new MemberStatus("container_1").heartbeat()))
            .hasMessageContaining("UNAVAILABLE");
      }
    }
  }
}
