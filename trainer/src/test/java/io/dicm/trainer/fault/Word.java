package io.dicm.trainer.fault;

/** What a process tells the supervisor, the first word of a line of its standard output. */
enum Word {
  /** A server listens; its port follows. */
  LISTENING,
  /** A worker can be told where the servers are. */
  READY,
  /** A worker has made a step; the number of steps since its start follows. */
  STEP,
  /** A server begins to write its part of a checkpoint; the finished steps follow. */
  WRITING,
  /** A server has written its part of a checkpoint; the finished steps follow. */
  WROTE,
  /** A worker has made all steps. */
  DONE,
  /** A process ends with an error; its code and message follow. */
  FAILED,
  /** Said by the supervisor's side: the process has ended; its exit code follows. */
  EXITED;

  /** Tells the supervisor. */
  void say(Object value) {
    // One write a line: several threads may speak.
    System.out.println(name() + " " + value);
    System.out.flush();
  }
}
