package io.dicm.app.bench;

import java.io.BufferedReader;
import java.io.IOException;

/** Ends this process when its stdin does: nothing goes on computing when whoever measures died. */
final class EndOfInput {
  private EndOfInput() {}

  /** Reads stdin to its end, on a thread of its own, and halts the process then. */
  static void endsProcess(BufferedReader stdin) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (stdin.readLine() != null) {
                  // Nothing but its end matters.
                }
              } catch (IOException e) {
                // As its end.
              }
              Runtime.getRuntime().halt(1);
            },
            "end-with-stdin");
    thread.setDaemon(true);
    thread.start();
  }
}
