package io.dicm.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TestApplicationSecret {
  @Test
  void matchesItsOwnHeaderOnly() {
    ApplicationSecret secret = ApplicationSecret.generate();

    assertThat(secret.matches(secret.headerValue())).isTrue();
    assertThat(secret.matches(ApplicationSecret.generate().headerValue())).isFalse();
    assertThat(secret.matches(secret.headerValue().substring(1))).isFalse();
    assertThat(secret.matches("")).isFalse();
    assertThat(secret.matches(null)).isFalse();
  }

  @Test
  void travelsAsBytes() {
    ApplicationSecret secret = ApplicationSecret.generate();

    assertThat(secret.bytes()).hasSize(32);
    assertThat(ApplicationSecret.of(secret.bytes()).matches(secret.headerValue())).isTrue();
  }

  @Test
  void changingTheBytesHandedOutChangesNothing() {
    ApplicationSecret secret = ApplicationSecret.generate();
    String header = secret.headerValue();

    secret.bytes()[0] ^= 1;

    assertThat(secret.headerValue()).isEqualTo(header);
  }

  @Test
  void everySecretIsNew() {
    assertThat(ApplicationSecret.generate().bytes())
        .isNotEqualTo(ApplicationSecret.generate().bytes());
  }

  @Test
  void isNotPrinted() {
    ApplicationSecret secret = ApplicationSecret.generate();

    assertThat(secret.toString())
        .isEqualTo("ApplicationSecret[hidden]")
        .doesNotContain(secret.headerValue());
  }

  @Test
  void refusesShortSecrets() {
    assertThatThrownBy(() -> ApplicationSecret.of(new byte[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Application secret was 8 bytes, needed 32");
  }
}
