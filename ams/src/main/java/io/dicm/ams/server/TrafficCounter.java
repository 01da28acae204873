package io.dicm.ams.server;

import com.google.protobuf.MessageLite;
import java.util.concurrent.atomic.LongAdder;

/** Counts the bytes of messages. Safe for use by many threads. */
final class TrafficCounter {
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();

  void received(MessageLite message) {
    bytesIn.add(message.getSerializedSize());
  }

  void sent(MessageLite message) {
    bytesOut.add(message.getSerializedSize());
  }

  long bytesIn() {
    return bytesIn.sum();
  }

  long bytesOut() {
    return bytesOut.sum();
  }
}
