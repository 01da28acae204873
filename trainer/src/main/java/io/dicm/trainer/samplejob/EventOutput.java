package io.dicm.trainer.samplejob;

import java.io.IOException;

/** Where a map task's events go: the shuffle. */
@FunctionalInterface
interface EventOutput {
  /** Takes one event; key and value are not used again. */
  void write(UserEventKey key, UserEventWritable value) throws IOException, InterruptedException;
}
