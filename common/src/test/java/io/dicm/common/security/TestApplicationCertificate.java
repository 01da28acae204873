package io.dicm.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestApplicationCertificate {
  @Test
  void eachApplicationHasOneOfItsOwn() throws Exception {
    ApplicationCertificate one = ApplicationCertificate.generate();
    assertThat(one).isNotEqualTo(ApplicationCertificate.generate());
    one.certificate().verify(one.certificate().getPublicKey());
    one.certificate().checkValidity();
    // A long training ends before its certificate does; one that is over does not count for ever.
    Instant now = Instant.now();
    one.certificate().checkValidity(Date.from(now.plus(300, ChronoUnit.DAYS)));
    assertThat(one.certificate().getNotAfter()).isBefore(now.plus(400, ChronoUnit.DAYS));
    assertThat(one.certificate().getSubjectAlternativeNames())
        .containsExactly(List.of(2, ApplicationCertificate.NAME));
    assertThat(one).hasToString("ApplicationCertificate[hidden]");
  }

  @Test
  void travelsAsBytes() throws Exception {
    ApplicationCertificate one = ApplicationCertificate.generate();
    ApplicationCertificate copy =
        ApplicationCertificate.of(one.encodedCertificate(), one.encodedKey());
    assertThat(copy).isEqualTo(one);
    assertThat(copy.key()).isEqualTo(one.key());
  }

  @Test
  void refusesWhatIsNoCertificate() {
    assertThatThrownBy(() -> ApplicationCertificate.of(new byte[] {1, 2}, new byte[] {3}))
        .hasMessageStartingWith("Cannot read the application's certificate: ")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.AUTHENTICATION_FAILED);
  }
}
