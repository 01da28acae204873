package io.dicm.trainer.fault;

/** What a process of a training is. */
enum Role {
  SERVER,
  WORKER
}
