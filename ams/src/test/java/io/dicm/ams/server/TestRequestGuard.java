package io.dicm.ams.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.proto.ForwardRequest;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.ams.wire.StepMessages;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TestRequestGuard {
  /** Values of 2 and 3 for an image and an ID: 16 and 20 bytes with the key. */
  private final RequestGuard guard = new RequestGuard(0, 1, 2, 3, 1000);

  /** Says that it has so many keys, in bits that are no list: whoever reads on meets that. */
  private static ByteString unreadable(int count) {
    byte[] bytes = new byte[5 + count / 8 + 1];
    Arrays.fill(bytes, 5, bytes.length, (byte) 0xFF);
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (count >>> (8 * i));
    }
    return ByteString.copyFrom(bytes);
  }

  private static ForwardRequest.Builder request() {
    return ForwardRequest.newBuilder().setWorker(4).setStep(7);
  }

  private void assertRefused(ForwardRequest.Builder message, String why) {
    assertThatThrownBy(() -> guard.read(message.build()))
        .hasMessageContaining(why)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INTERNAL);
  }

  @Test
  void aRequestWhoseAnswerFitsIsRead() {
    StepRequest request =
        new StepRequest(7, new long[] {3, 9}, new long[] {4}, new long[] {5, 6, 7});
    StepRequest read = guard.read(StepMessages.message(4, request, RowPrecision.FLOAT32));
    assertThat(read.adImageKeys()).containsExactly(3, 9);
    assertThat(read.idKeys()).containsExactly(5, 6, 7);
  }

  @Test
  void listsThatAreTooLongAreRefusedUnread() {
    assertRefused(
        request().setIdKeys(unreadable(1 << 20)),
        "Cannot run step 7 for worker 4: 1048576 keys and their answer would have 20971520 bytes,"
            + " allowed 1000, ");
    assertRefused(
        request().setAdImageKeys(unreadable(40)).setBehaviorImageKeys(unreadable(23)),
        "63 keys and their answer would have 1008 bytes, allowed 1000, ");
    // One less would fit, and is found to be no list.
    assertRefused(
        request().setAdImageKeys(unreadable(40)).setBehaviorImageKeys(unreadable(22)),
        "Cannot read ad_image_keys: its bits end within key 0 of 40");
  }
}
