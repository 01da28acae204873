package io.dicm.sandbox.oozie;

import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.ServiceRunner;
import io.dicm.sandbox.control.StandInService;

/** Has the name of the real process's main class, which is not on this module's class path. */
public final class OozieSandbox {
  private OozieSandbox() {}

  public static void main(String[] arguments) {
    ServiceRunner.run("oozie", new StandInService("oozie", SandboxPort.OOZIE), arguments);
  }
}
