package io.dicm.sandbox.hive;

import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.ServiceRunner;
import io.dicm.sandbox.control.StandInService;

/** Has the name of the real process's main class, which is not on this module's class path. */
public final class HiveSandbox {
  private HiveSandbox() {}

  public static void main(String[] arguments) {
    ServiceRunner.run("hive", new StandInService("hive", SandboxPort.HIVE), arguments);
  }
}
