package io.dicm.app.master.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestTokenRenewal {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final UserGroupInformation user = UserGroupInformation.createRemoteUser("ann");
  private final AtomicInteger fetches = new AtomicInteger();
  private ApplicationTokens tokens;

  @BeforeEach
  void giveFirst() throws IOException {
    tokens = new ApplicationTokens(credentials(0));
    tokens.give(user);
  }

  @Test
  void tokensAreRenewedAgainAndAgain() throws Exception {
    try (TokenRenewal renewal = TokenRenewal.start(this::fetch, tokens)) {
      assertThat(password()).as("at once").isEqualTo("1");
      await().atMost(LIMIT).until(() -> Integer.parseInt(password()) >= 3);
    }
    assertThat(tokens.latest().version()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void failureBetweenIsTriedAgain() throws Exception {
    TokenSource source =
        () -> {
          TokenSource.Fetched fetched = fetch();
          if (fetches.get() == 2) {
            throw new IOException("no Kerberos server");
          }
          return fetched;
        };
    try (TokenRenewal renewal = TokenRenewal.start(source, tokens)) {
      await().atMost(LIMIT).until(() -> Integer.parseInt(password()) >= 3);
    }
  }

  @Test
  void keytabThatDoesNotWorkIsFoundAtOnce() {
    assertThatThrownBy(
            () ->
                TokenRenewal.start(
                    () -> {
                      throw new IOException("no key");
                    },
                    tokens))
        .hasMessage("no key");
    assertThat(password()).isEqualTo("0");
  }

  private TokenSource.Fetched fetch() {
    return new TokenSource.Fetched(credentials(fetches.incrementAndGet()), Duration.ofMillis(1700));
  }

  private String password() {
    return new String(user.getTokens().iterator().next().getPassword(), StandardCharsets.UTF_8);
  }

  private static Credentials credentials(int number) {
    Credentials credentials = new Credentials();
    credentials.addToken(
        new Text("fs"),
        new Token<>(
            new byte[] {1},
            Integer.toString(number).getBytes(StandardCharsets.UTF_8),
            new Text("HDFS_DELEGATION_TOKEN"),
            new Text("fs")));
    return credentials;
  }
}
