/**
 * Trainings whose processes are killed, paused, cut off and restarted at random moments. Servers
 * and workers are processes of their own; {@link io.dicm.trainer.fault.Supervisor} plays the
 * application master: it connects them, commits checkpoints, and after each fault ends what is left
 * and starts all of them again from the last checkpoint, in a new epoch.
 */
package io.dicm.trainer.fault;
