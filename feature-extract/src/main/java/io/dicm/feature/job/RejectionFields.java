package io.dicm.feature.job;

import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Writes and reads a rejection that may be absent (null). */
final class RejectionFields {
  private RejectionFields() {}

  static void write(DataOutput out, RejectedImage rejection) throws IOException {
    out.writeBoolean(rejection != null);
    if (rejection != null) {
      out.writeUTF(rejection.reason().name());
      out.writeUTF(rejection.detail());
    }
  }

  static RejectedImage read(DataInput in) throws IOException {
    return in.readBoolean()
        ? new RejectedImage(RejectionReason.valueOf(in.readUTF()), in.readUTF())
        : null;
  }
}
