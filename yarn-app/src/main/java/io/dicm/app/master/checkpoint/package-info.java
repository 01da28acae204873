/** Checkpoints of a training: where they are, making them valid, keeping the newest, beginnings. */
package io.dicm.app.master.checkpoint;
