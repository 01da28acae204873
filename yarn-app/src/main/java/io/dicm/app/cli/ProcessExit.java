package io.dicm.app.cli;

import io.dicm.common.error.ErrorCode;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * How this process ends: with a documented exit code, also when a signal (Ctrl-C, SIGTERM) ends it,
 * for which Java's own would be 130 or 143. What has to be done at such an end is done by hooks of
 * Hadoop's {@link ShutdownHookManager} with priorities between the two of this class.
 */
final class ProcessExit {
  /** Before everything else at the end of the process. */
  private static final int FIRST = 1_000;

  /** After everything else, Hadoop's closing of file systems (10) included. */
  private static final int LAST = 0;

  /** Why the process ends; null while it runs. The first that is set stays. */
  private static final AtomicReference<Cause> CAUSE = new AtomicReference<>();

  private static volatile ErrorCode signalCode = ErrorCode.INTERRUPTED;
  private static volatile String signalMessage = "The command was interrupted.";

  private enum Cause {
    COMMAND_ENDED,
    SIGNAL
  }

  private ProcessExit() {}

  /** From now on signals lead to a line on {@code err} and its exit code. */
  static void install(PrintStream err) {
    ShutdownHookManager hooks = ShutdownHookManager.get();
    hooks.addShutdownHook(() -> CAUSE.compareAndSet(null, Cause.SIGNAL), FIRST);
    hooks.addShutdownHook(() -> haltAfterSignal(err), LAST);
  }

  /** What a signal means from now on; for the hooks of a command. */
  static void onSignal(ErrorCode code, String message) {
    signalMessage = message;
    signalCode = code;
  }

  /** Ends the process as its command did. */
  static void exit(int status) {
    if (CAUSE.compareAndSet(null, Cause.COMMAND_ENDED)) {
      System.exit(status);
    }
    // A signal came first: the last hook ends the process.
  }

  private static void haltAfterSignal(PrintStream err) {
    if (CAUSE.get() == Cause.SIGNAL) {
      err.println("\n" + signalCode + ": " + signalMessage);
      err.flush();
      Runtime.getRuntime().halt(signalCode.exitCode().status());
    }
  }
}
