package io.dicm.sandbox.hadoop;

import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.ServiceRunner;
import io.dicm.sandbox.control.StandInService;

/** Has the name of the real process's main class, which is not on this module's class path. */
public final class HadoopSandbox {
  private HadoopSandbox() {}

  public static void main(String[] arguments) {
    ServiceRunner.run("hadoop", new StandInService("hadoop", SandboxPort.NAMENODE), arguments);
  }
}
