/** The trainer's GPU kernels: attention over behaviours in one pass. */
package io.dicm.trainer.cuda;
