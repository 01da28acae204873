package io.dicm.sandbox.control;

import java.nio.file.Path;

/** The files by which a sandbox process and its controller know each other. */
record ServiceFiles(SandboxDirectory directory, String service) {

  /** Holds the process's identity. */
  Path pid() {
    return directory.run().resolve(service + ".pid");
  }

  /** Is there once clients can use the service. */
  Path ready() {
    return directory.run().resolve(service + ".ready");
  }

  /** Standard output and error of the process. */
  Path log() {
    return directory.logs().resolve(service + ".log");
  }

  /** The log of the start before. */
  Path previousLog() {
    return directory.logs().resolve(service + ".log.1");
  }
}
