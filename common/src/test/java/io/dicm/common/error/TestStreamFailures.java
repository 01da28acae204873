package io.dicm.common.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class TestStreamFailures {
  private final IOException full = new IOException("the quota is exceeded");

  /** Fails as HDFS does: with one exception for all time. */
  private final class Full extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw full;
    }

    @Override
    public void close() throws IOException {
      throw full;
    }
  }

  @Test
  void reasonThatCloseHidesIsFound() {
    IllegalArgumentException thrown =
        catchThrowableOfType(
            IllegalArgumentException.class,
            () -> {
              try (OutputStream out = new Full()) {
                out.write(1);
              }
            });

    assertThat(StreamFailures.reason(thrown)).isSameAs(full);
  }

  @Test
  void otherFailuresAreWhatTheyAre() {
    IllegalArgumentException other = new IllegalArgumentException("wrong", full);

    assertThat(StreamFailures.reason(other)).isSameAs(other);
    assertThat(StreamFailures.reason(full)).isSameAs(full);
  }
}
